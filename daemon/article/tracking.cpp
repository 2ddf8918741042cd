#include "article/tracking.hpp"

#include <algorithm>
#include <array>

#include "article/html_style.hpp"
#include "article/html_tokens.hpp"

namespace dprkwatch::article {
namespace {

constexpr int kSmallestPicture = 4;  // pixels; spacers and counters are 0 to 3 wide or high

// A host (with all below it), and how its paths begin that only count.
struct Counter {
  std::string_view host;
  std::string_view path;
};
constexpr std::array kCounters = std::to_array<Counter>({
    {"2mdn.net", ""},
    {"ad.doubleclick.net", ""},
    {"adservice.google.com", ""},
    {"analytics.twitter.com", ""},
    {"b.scorecardresearch.com", ""},
    {"counter.yadro.ru", ""},
    {"da.feedsportal.com", ""},
    {"doubleclick.net", ""},
    {"facebook.com", "/tr"},
    {"feeds.feedburner.com", "/~r/"},
    {"feeds.feedburner.com", "/~ff/"},
    {"feeds.wordpress.com", "/1.0/"},
    {"feedsportal.com", "/c/"},
    {"google-analytics.com", ""},
    {"googletagmanager.com", ""},
    {"hits.guardian.co.uk", ""},
    {"imrworldwide.com", ""},
    {"mc.yandex.ru", "/watch"},
    {"medium.com", "/_/stat"},
    {"omtrdc.net", ""},
    {"pheedo.com", "/img.phdo"},
    {"pixel.quantserve.com", ""},
    {"pixel.wp.com", ""},
    {"quantserve.com", ""},
    {"rss-tracker.appspot.com", ""},
    {"sb.scorecardresearch.com", ""},
    {"scorecardresearch.com", ""},
    {"stats.wordpress.com", ""},
    {"top-fwz1.mail.ru", ""},
    {"wcs.naver.com", ""},
});

bool is_tiny(std::optional<int> pixels) {
  return pixels && *pixels < kSmallestPicture;
}

bool is_counter(std::string_view url) {
  const auto begin = url.find("://");
  if (begin == std::string_view::npos) return false;
  url.remove_prefix(begin + 3);
  const auto authority_end = std::min(url.find_first_of("/?#"), url.size());
  auto host = url.substr(0, authority_end);
  host = host.substr(0, host.rfind(':'));
  const auto path = url.substr(authority_end);
  return std::ranges::any_of(kCounters, [&](const Counter& counter) {
    if (host.size() < counter.host.size() ||
        !equals_ignoring_case(host.substr(host.size() - counter.host.size()), counter.host) ||
        !path.starts_with(counter.path))
      return false;
    return host.size() == counter.host.size() || host[host.size() - counter.host.size() - 1] == '.';
  });
}

}  // namespace

bool is_tracking_image(const GumboNode& image, std::string_view absolute_url) {
  const auto style = attribute_of(image, "style");
  return is_tiny(pixels_of(attribute_of(image, "width"))) || is_tiny(pixels_of(attribute_of(image, "height"))) ||
         is_tiny(pixels_in_style(style, "width")) || is_tiny(pixels_in_style(style, "height")) ||
         is_counter(absolute_url);
}

}  // namespace dprkwatch::article
