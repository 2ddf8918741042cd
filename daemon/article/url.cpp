#include "article/url.hpp"

#include <curl/curl.h>
#include <unicode/bytestream.h>
#include <unicode/idna.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "article/html_tokens.hpp"

namespace dprkwatch::article {
namespace {

struct CurlUrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct CurlTextDeleter {
  void operator()(char* text) const { curl_free(text); }
};
using CurlUrl = std::unique_ptr<CURLU, CurlUrlDeleter>;
using CurlText = std::unique_ptr<char, CurlTextDeleter>;

constexpr std::size_t kMostUrlBytes = 8192;

constexpr bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// "scheme" of "scheme:...", or nothing (RFC 3986 §3.1).
std::string_view scheme_of(std::string_view url) {
  const auto* end =
      std::ranges::find_if_not(url, [](char c) { return is_alphanumeric(c) || c == '+' || c == '-' || c == '.'; });
  const auto length = static_cast<std::size_t>(end - url.begin());
  const bool begins_with_letter = length > 0 && !(url[0] >= '0' && url[0] <= '9') && is_alphanumeric(url[0]);
  return begins_with_letter && length < url.size() && url[length] == ':' ? url.substr(0, length) : std::string_view();
}

bool is_web(std::string_view scheme) {
  return equals_ignoring_case(scheme, "http") || equals_ignoring_case(scheme, "https");
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// A host's name in ASCII (UTS #46, "xn--..."), or "" when it is no name.
std::string ascii_host(std::string_view host) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::IDNA> idna(
      icu::IDNA::createUTS46Instance(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII, status));
  std::string ascii;
  icu::StringByteSink<std::string> sink(&ascii);
  icu::IDNAInfo info;
  if (U_SUCCESS(status)) idna->nameToASCII_UTF8({host.data(), static_cast<int>(host.size())}, sink, info, status);
  return U_SUCCESS(status) && !info.hasErrors() ? ascii : std::string();
}

// "host:port" of an authority, or "" when it has none. A user's name is left out: in a link it serves to deceive
// ("https://bank.example@evil.example/").
std::string host_of(std::string_view authority) {
  authority.remove_prefix(std::min(authority.rfind('@') + 1, authority.size()));
  if (authority.find('%') != std::string_view::npos) return {};  // libcurl would decode it after we have looked
  if (is_ascii(authority)) return std::string(authority);
  const auto host = authority.substr(0, authority.rfind(':'));
  auto ascii = ascii_host(host);
  return ascii.empty() ? ascii : ascii.append(authority.substr(host.size()));
}

// Where the authority ends in "http://host/path" and "//host/path"; 0 in all else.
std::size_t end_of_authority(std::string_view url) {
  const auto scheme = scheme_of(url);
  const auto begin = scheme.empty() ? 0 : scheme.size() + 1;
  if (!url.substr(begin).starts_with("//")) return 0;
  return std::min(url.find_first_of("/?#", begin + 2), url.size());
}

// As browsers read what people write (WHATWG URL §4.4): blanks around it and line breaks inside it don't count, '\' is
// '/'. Otherwise "java\nscript:" would be harmless here and a script there.
std::string as_browsers_read(std::string_view link) {
  while (!link.empty() && static_cast<unsigned char>(link.front()) <= ' ') link.remove_prefix(1);
  while (!link.empty() && static_cast<unsigned char>(link.back()) <= ' ') link.remove_suffix(1);
  std::string url;
  url.reserve(link.size());
  bool is_path = true;
  for (const char c : link) {
    if (c == '\n' || c == '\r' || c == '\t') continue;
    if (c == '?' || c == '#') is_path = false;
    url += c == '\\' && is_path ? '/' : c;
  }
  return url;
}

// Percent-encoded where RFC 3986 §2 wants it; nothing when the host is no name. libcurl would write a blank as '+', and
// %xx in small letters.
std::optional<std::string> percent_encoded(std::string_view url) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto begin = end_of_authority(url);
  std::string encoded;
  if (begin > 0) {
    const auto host_begin = url.find("//") + 2;
    const auto host = host_of(url.substr(host_begin, begin - host_begin));
    if (host.empty()) return std::nullopt;
    encoded.append(url.substr(0, host_begin)).append(host);
  }
  for (const char c : url.substr(begin)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || byte >= 0x7F || c == '"' || c == '<' || c == '>' || c == '`') {
      encoded += {'%', kHex[byte >> 4U], kHex[byte & 0xFU]};
    } else {
      encoded += c;
    }
  }
  return encoded;
}

// "http:/host" and "http:///host" as "http://host", as browsers and libcurl have it.
std::string with_two_slashes(std::string url) {
  const auto scheme = scheme_of(url);
  if (!is_web(scheme)) return url;
  const auto begin = scheme.size() + 1;
  const auto end = std::min(url.find_first_not_of('/', begin), url.size());
  return end == begin ? url : url.replace(begin, end - begin, "//");
}

std::string resolve(const std::string& link, const std::string& base) {
  const CurlUrl url(curl_url());
  if (!url) return {};
  if (!base.empty() && curl_url_set(url.get(), CURLUPART_URL, base.c_str(), 0) != CURLUE_OK) return {};
  if (curl_url_set(url.get(), CURLUPART_URL, link.c_str(), 0) != CURLUE_OK) return {};
  char* text = nullptr;
  if (curl_url_get(url.get(), CURLUPART_URL, &text, 0) != CURLUE_OK) return {};
  const CurlText owned(text);
  return owned.get();
}

}  // namespace

std::string resolve_link(std::string_view link, std::string_view base_url, LinkUse use) {
  if (link.size() > kMostUrlBytes) return {};
  const auto wanted = percent_encoded(with_two_slashes(as_browsers_read(link)));
  if (!wanted) return {};
  const auto scheme = scheme_of(*wanted);
  if (is_web(scheme)) return resolve(*wanted, {});
  if (use == LinkUse::kPage && equals_ignoring_case(scheme, "mailto")) return *wanted;
  if (!scheme.empty()) return {};
  const auto base = percent_encoded(with_two_slashes(as_browsers_read(base_url)));
  if (!base || !is_web(scheme_of(*base))) return {};
  const auto page = base->substr(0, base->find('#'));
  // libcurl 7.88 drops the last segment of the base before a mere fragment and before nothing; RFC 3986 §5.2.2 keeps
  // it.
  if (wanted->empty()) return resolve(page, {});
  if (wanted->front() == '#') return resolve(page + *wanted, {});
  return resolve(*wanted, page);
}

}  // namespace dprkwatch::article
