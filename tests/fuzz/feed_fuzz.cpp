// Any bytes, as a feed.

#include <cstdint>
#include <iterator>

#include "feed_laws.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dprkwatch;
  // The first byte picks what the HTTP answer says.
  static constexpr const char* kTypes[] = {"",
                                           "application/xml",
                                           "text/xml; charset=euc-kr",
                                           "text/xml; charset=utf-16",
                                           "text/xml; charset=iso-8859-1",
                                           "text/xml; charset=ibm866"};
  if (size == 0) {
    return 0;
  }
  feed::ParseOptions options;
  options.content_type = kTypes[data[0] % std::size(kTypes)];
  options.base_url = (data[0] & 0x80U) != 0 ? "https://example.org/feed/" : "";
  options.limits = fuzz::small_limits();
  auto feed = feed::parse({reinterpret_cast<const char*>(data) + 1, size - 1}, options);
  if (feed) {
    fuzz::check_feed(*feed, options.limits);
  } else {
    fuzz::require(!feed.error().message.empty(), "a failure says why");
  }
  return 0;
}
