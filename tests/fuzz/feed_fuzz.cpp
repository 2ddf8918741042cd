// Any bytes, as a feed. Beyond not crashing: text that comes out is UTF-8 and links are to the web.

#include <cstdint>
#include <cstdlib>

#include "feed/encoding.hpp"
#include "feed/feed.hpp"
#include "feed/url.hpp"

namespace {

using namespace dprkwatch::feed;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void require_utf8(std::string_view text) {
  require(valid_utf8_prefix(text) == text.size());
}

void require_link(std::string_view url) {
  require(url.empty() || is_web_url(url));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The first byte picks what the HTTP answer says.
  static constexpr const char* kTypes[] = {"", "application/xml", "text/xml; charset=euc-kr",
                                           "text/xml; charset=utf-16", "text/xml; charset=iso-8859-1"};
  if (size == 0) {
    return 0;
  }
  ParseOptions options;
  options.content_type = kTypes[data[0] % std::size(kTypes)];
  options.base_url = (data[0] & 0x80U) != 0 ? "https://example.org/feed/" : "";
  options.limits.text_bytes = 4096;
  options.limits.entries = 50;
  options.limits.depth = 32;
  const auto feed = parse({reinterpret_cast<const char*>(data) + 1, size - 1}, options);
  if (!feed) {
    require(!feed.error().message.empty());
    return 0;
  }
  require(!feed->format.empty());
  require(feed->entries.size() <= options.limits.entries);
  require_link(feed->home_page_url);
  for (const Entry& entry : feed->entries) {
    require_link(entry.url);
    require_link(entry.image);
    for (const std::string_view text : {entry.title.value, entry.summary.value, entry.content.value, entry.id}) {
      require_utf8(text);
      require(text.size() <= options.limits.text_bytes);
    }
  }
  return 0;
}
