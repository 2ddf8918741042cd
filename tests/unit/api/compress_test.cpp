#include "api/compress.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

namespace dprkwatch::api {
namespace {

TEST(Compress, IsDoneForThoseWhoTakeIt) {
  for (const char* header :
       {"gzip", "deflate, gzip;q=1.0, *;q=0.5", "GZIP", "x-gzip", "*", "br;q=1, *;q=0.1", "gzip;q=0.001"}) {
    EXPECT_TRUE(accepts_gzip(header)) << header;
  }
  for (const char* header : {"", "identity", "br", "gzip;q=0", "gzip; q=0.000, *", "*;q=0", "gzipped", ",,;"}) {
    EXPECT_FALSE(accepts_gzip(header)) << header;
  }
}

TEST(Compress, KeepsEveryByte) {
  const std::string text = std::string(100'000, 'a') + std::string("\0 \xFF", 3);
  const std::string small = gzip(text);
  EXPECT_LT(small.size(), 1000U);
  z_stream stream{};
  ASSERT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string back(text.size() + 1, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(small.data()));
  stream.avail_in = static_cast<uInt>(small.size());
  stream.next_out = reinterpret_cast<Bytef*>(back.data());
  stream.avail_out = static_cast<uInt>(back.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  back.resize(stream.total_out);
  inflateEnd(&stream);
  EXPECT_EQ(back, text);
}

}  // namespace
}  // namespace dprkwatch::api
