// Any bytes, as a JSON Feed: whole when they begin as an object, else as what stands between the brackets of its items.

#include <cstdint>

#include "feed_laws.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dprkwatch;
  std::string document{reinterpret_cast<const char*>(data), size};
  if (!document.starts_with('{')) {
    document = R"({"version": "https://jsonfeed.org/version/1.1", "items": [)" + document + "]}";
  }
  feed::ParseOptions options;
  options.base_url = "https://example.org/feed.json";
  options.limits = fuzz::small_limits();
  auto feed = feed::parse(document, options);
  if (feed) {
    fuzz::check_feed(*feed, options.limits);
  } else {
    fuzz::require(!feed.error().message.empty(), "a failure says why");
  }
  return 0;
}
