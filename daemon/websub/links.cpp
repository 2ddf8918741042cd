#include <algorithm>
#include <utility>

#include "feed/url.hpp"
#include "websub/websub.hpp"

namespace dprkwatch::websub {
namespace {

constexpr std::size_t kMaxLinks = 64;  // of one answer

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same_word(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, lower, lower);
}

// Reads a Link header from left to right (RFC 8288 §3, with the laxness of its Appendix B).
class LinkReader {
 public:
  explicit LinkReader(std::string_view text) : rest_(text) {}

  struct Link {
    std::string_view target;
    std::string rel;
  };

  // The next link; nothing at the end, or where no link begins.
  std::optional<Link> next() {
    skip(" \t,");
    if (rest_.empty() || rest_.front() != '<') return std::nullopt;
    const auto close = rest_.find('>');
    if (close == std::string_view::npos) return std::nullopt;
    Link link{rest_.substr(1, close - 1), {}};
    rest_.remove_prefix(close + 1);
    for (;;) {
      skip(" \t");
      if (rest_.empty() || rest_.front() != ';') break;
      skip(" \t;");
      const std::string_view name = take_until(" \t=;,");
      skip(" \t");
      std::string value;
      if (!rest_.empty() && rest_.front() == '=') {
        skip("=");
        skip(" \t");
        value = take_value();
      }
      // Of a repeated rel the first counts.
      if (same_word(name, "rel") && link.rel.empty()) link.rel = std::move(value);
    }
    take_until(",");
    return link;
  }

 private:
  void skip(std::string_view signs) { rest_.remove_prefix(std::min(rest_.find_first_not_of(signs), rest_.size())); }

  std::string_view take_until(std::string_view signs) {
    const std::string_view taken = rest_.substr(0, rest_.find_first_of(signs));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string take_value() {
    if (rest_.empty() || rest_.front() != '"') return std::string(take_until(" \t;,"));
    rest_.remove_prefix(1);
    std::string value;
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      value += rest_.front();
      rest_.remove_prefix(1);
    }
    skip("\"");
    return value;
  }

  std::string_view rest_;
};

// rel holds several words.
bool has_word(std::string_view rel, std::string_view word) {
  while (!rel.empty()) {
    const auto blank = rel.find_first_of(" \t");
    if (same_word(rel.substr(0, blank), word)) return true;
    rel = blank == std::string_view::npos ? std::string_view() : rel.substr(blank + 1);
  }
  return false;
}

// §8.2: those over TLS are to be favoured.
void order(std::vector<std::string>& hubs) {
  std::vector<std::string> ordered;
  for (const bool secure : {true, false}) {
    for (std::string& hub : hubs) {
      if (!feed::is_web_url(hub) || hub.starts_with("https:") != secure) continue;
      if (std::ranges::find(ordered, hub) == ordered.end()) ordered.push_back(std::move(hub));
    }
  }
  hubs = std::move(ordered);
}

}  // namespace

Links discover(const http::Headers& headers, const std::string& url, std::vector<std::string> hubs, std::string self) {
  Links links;
  std::size_t seen = 0;
  for (const auto& [name, value] : headers) {
    if (!same_word(name, "link")) continue;
    LinkReader reader(value);
    while (seen++ < kMaxLinks) {
      const auto link = reader.next();
      if (!link) break;
      std::string target = feed::resolve_url(link->target, url);
      if (has_word(link->rel, "self") && links.topic.empty() && feed::is_web_url(target)) links.topic = target;
      if (has_word(link->rel, "hub")) links.hubs.push_back(std::move(target));
    }
  }
  order(links.hubs);
  if (links.hubs.empty()) {
    links.hubs = std::move(hubs);
    order(links.hubs);
  }
  if (links.topic.empty()) links.topic = feed::is_web_url(self) ? std::move(self) : url;
  return links;
}

}  // namespace dprkwatch::websub
