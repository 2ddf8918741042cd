#include "api/compress.hpp"

#include <zlib.h>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>

namespace dprkwatch::api {
namespace {

namespace beast = boost::beast;

// The weight of a coding that was named without one is 1 (RFC 9110 §12.4.2).
template <class Parameters>
bool is_refused(const Parameters& parameters) {
  for (const auto& [name, value] : parameters) {
    if (beast::iequals(name, "q")) return value.find_first_not_of("0.") == beast::string_view::npos;
  }
  return false;
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  bool any = false;
  for (const auto& [coding, parameters] : beast::http::ext_list{accept_encoding}) {
    const bool taken = !is_refused(parameters);
    if (beast::iequals(coding, "gzip") || beast::iequals(coding, "x-gzip")) return taken;
    if (coding == "*") any = taken;
  }
  return any;
}

std::string gzip(std::string_view bytes) {
  constexpr int kGzip = 15 + 16;  // the largest window, with the header and trailer of gzip
  constexpr int kMemory = 8;      // zlib's default
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzip, kMemory, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib only reads it
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int end = deflate(&stream, Z_FINISH);
  out.resize(end == Z_STREAM_END ? stream.total_out : 0);
  deflateEnd(&stream);
  return out;
}

}  // namespace dprkwatch::api
