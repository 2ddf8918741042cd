#include "feed/url.hpp"

#include <algorithm>
#include <vector>

#include "feed/names.hpp"

namespace dprkwatch::feed {
namespace {

constexpr auto kAbsent = std::string_view::npos;

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// RFC 3986 §3.1. Zero when there is no scheme.
std::size_t scheme_length(std::string_view url) noexcept {
  if (url.empty() || !is_letter(url.front())) {
    return 0;
  }
  std::size_t at = 1;
  while (at < url.size() &&
         (is_letter(url[at]) || is_digit(url[at]) || url[at] == '+' || url[at] == '-' || url[at] == '.')) {
    ++at;
  }
  return at < url.size() && url[at] == ':' ? at : 0;
}

struct Parts {
  std::string_view scheme;
  std::string_view authority;  // without "//"
  bool has_authority = false;
  std::string_view path;
  std::string_view query;  // with '?', or empty
};

Parts split(std::string_view url) noexcept {
  Parts parts;
  if (const std::size_t length = scheme_length(url); length > 0) {
    parts.scheme = url.substr(0, length);
    url.remove_prefix(length + 1);
  }
  if (url.starts_with("//")) {
    url.remove_prefix(2);
    const std::size_t end = std::min(url.find_first_of("/?#"), url.size());
    parts.authority = url.substr(0, end);
    parts.has_authority = true;
    url.remove_prefix(end);
  }
  url = url.substr(0, url.find('#'));
  const std::size_t query = url.find('?');
  parts.path = url.substr(0, query);
  parts.query = query == kAbsent ? std::string_view{} : url.substr(query);
  return parts;
}

// RFC 3986 §5.2.4.
std::string remove_dot_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  const bool rooted = path.starts_with('/');
  bool ends_in_folder = false;
  std::size_t at = rooted ? 1 : 0;
  while (at <= path.size()) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view segment = path.substr(at, end - at);
    ends_in_folder = segment == "." || segment == "..";
    if (segment == "..") {
      if (!kept.empty()) {
        kept.pop_back();
      }
    } else if (segment != ".") {
      kept.push_back(segment);
    }
    at = end + 1;
  }
  std::string result;
  for (const std::string_view segment : kept) {
    if (!result.empty() || rooted) {
      result += '/';
    }
    result += segment;
  }
  if (ends_in_folder) {
    result += '/';
  }
  return result.empty() && rooted ? "/" : result;
}

std::string cleaned(std::string_view reference) {
  std::string result;
  reference = trimmed(reference);
  result.reserve(reference.size());
  for (const char c : reference) {
    if (c == ' ') {
      result += "%20";
    } else if (static_cast<unsigned char>(c) > 0x20 && c != 0x7f) {
      result += c;
    }
  }
  return result;
}

}  // namespace

bool is_absolute_url(std::string_view url) noexcept {
  return scheme_length(url) > 0;
}

bool is_web_url(std::string_view url) noexcept {
  const std::size_t length = scheme_length(url);
  const std::string_view scheme = url.substr(0, length);
  if (!equals_ignoring_case(scheme, "http") && !equals_ignoring_case(scheme, "https")) {
    return false;
  }
  url.remove_prefix(length);
  return url.starts_with("://") && url.size() > 3 && url[3] != '/' && url[3] != '?' && url[3] != '#';
}

std::string resolve_url(std::string_view reference, std::string_view base) {
  std::string clean = cleaned(reference);
  if (clean.empty() || is_absolute_url(clean) || !is_absolute_url(base)) {
    return clean;
  }
  const Parts from = split(base);
  std::string result{from.scheme};
  result += ':';
  if (clean.starts_with("//")) {
    return result + clean;
  }
  if (from.has_authority) {
    result += "//";
    result += from.authority;
  }
  if (clean.front() == '#') {
    result += from.path;
    result += from.query;
    return result + clean;
  }
  if (clean.front() == '?') {
    result += from.path;
    return result + clean;
  }
  const std::size_t path_end = std::min(clean.find_first_of("?#"), clean.size());
  std::string path = clean.substr(0, path_end);
  if (path.front() != '/') {
    // §5.2.3: merge with everything up to the base's last slash.
    const std::size_t slash = from.path.rfind('/');
    path = (slash == kAbsent ? std::string{"/"} : std::string{from.path.substr(0, slash + 1)}) + path;
  }
  result += remove_dot_segments(path);
  result += std::string_view{clean}.substr(path_end);
  return result;
}

}  // namespace dprkwatch::feed
