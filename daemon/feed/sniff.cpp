#include "feed/sniff.hpp"

#include <algorithm>
#include <array>

#include "feed/names.hpp"

namespace dprkwatch::feed {
namespace {

// How far junk may reach: error messages of PHP and the like, printed before the document.
constexpr std::size_t kLongestJunk = 64 * 1024;

bool begins_with_tag(std::string_view text, std::string_view tag) noexcept {
  if (text.size() <= tag.size() || !equals_ignoring_case(text.substr(0, tag.size()), tag)) {
    return false;
  }
  const char after = text[tag.size()];
  return after == ' ' || after == '>' || after == '\n' || after == '\r' || after == '\t' || after == '/';
}

// A root element's start, in one of the forms that publishers use.
bool begins_feed(std::string_view text) noexcept {
  return text.starts_with("<?xml ") || begins_with_tag(text, "<rss") || begins_with_tag(text, "<feed") ||
         begins_with_tag(text, "<rdf:rdf") || begins_with_tag(text, "<urlset") || begins_with_tag(text, "<atom:feed");
}

bool is_html(std::string_view text) noexcept {
  constexpr std::string_view kDoctype = "<!doctype html";
  return begins_with_tag(text, "<html") || begins_with_tag(text, "<head") || begins_with_tag(text, "<body") ||
         (text.size() >= kDoctype.size() && equals_ignoring_case(text.substr(0, kDoctype.size()), kDoctype));
}

// Where a document type declaration ends: at the '>' that is not inside brackets.
std::size_t end_of_doctype(std::string_view text) noexcept {
  const std::size_t end = text.find('>');
  const std::size_t bracket = text.find('[');
  if (bracket >= end) {
    return end;
  }
  const std::size_t closing = text.find(']', bracket);
  return closing == std::string_view::npos ? end : text.find('>', closing);
}

// Past comments, processing instructions, document types and blanks.
std::string_view first_element(std::string_view text) noexcept {
  for (;;) {
    text = trimmed(text);
    std::string_view end;
    if (text.starts_with("<!--")) {
      end = "-->";
    } else if (text.starts_with("<?")) {
      end = "?>";
    } else if (begins_with_tag(text, "<!doctype") && !is_html(text)) {
      const std::size_t at = end_of_doctype(text);
      if (at == std::string_view::npos) {
        return text;
      }
      text.remove_prefix(at + 1);
      continue;
    } else {
      return text;
    }
    const std::size_t at = text.find(end);
    if (at == std::string_view::npos) {
      return text;
    }
    text.remove_prefix(at + end.size());
  }
}

std::string describe(std::string_view text) {
  struct Magic {
    std::string_view bytes;
    std::string_view what;
  };
  constexpr std::array kMagic = {
      Magic{"\x1F\x8B", "compressed data (gzip) that nobody has unpacked"},
      Magic{"PK\x03\x04", "a ZIP archive"},
      Magic{"%PDF", "a PDF document"},
      Magic{"\x89PNG", "a PNG picture"},
      Magic{"\xFF\xD8\xFF", "a JPEG picture"},
      Magic{"GIF8", "a GIF picture"},
      Magic{"HTTP/", "an HTTP answer with its headers"},
  };
  for (const Magic& magic : kMagic) {
    if (text.starts_with(magic.bytes)) {
      return std::string{magic.what};
    }
  }
  const bool is_binary = std::ranges::any_of(text.substr(0, 512), [](char c) { return c == '\0'; });
  return is_binary ? "binary data" : "text without a feed in it";
}

Sniffed html_page() {
  return {Kind::kNeither, 0, false,
          "an HTML page, not a feed: look for the page's feed with 'dprkwatch feed discover'"};
}

}  // namespace

Sniffed sniff(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n\f\v");
  if (begin == std::string_view::npos) {
    return {Kind::kNeither, 0, false, text.empty() ? "an empty document" : "an empty document, blanks only"};
  }
  const std::string_view body = text.substr(begin);
  if (body.front() == '{' || body.front() == '[') {
    return {Kind::kJson, begin, false, {}};
  }
  if (is_html(first_element(body))) {
    return html_page();
  }
  const bool is_markup =
      body.size() > 1 && body.front() == '<' && (body[1] == '?' || body[1] == '!' || (body[1] | 0x20) >= 'a');
  if (is_markup && (begins_feed(body) || begins_feed(first_element(body)))) {
    return {Kind::kXml, begin, false, {}};
  }
  const std::string_view searched = body.substr(0, kLongestJunk);
  for (std::size_t at = searched.find('<'); at != std::string_view::npos; at = searched.find('<', at + 1)) {
    if (at > 0 && begins_feed(body.substr(at)) && !is_html(first_element(body.substr(at)))) {
      return {Kind::kXml, begin + at, true, {}};
    }
  }
  if (is_markup) {
    return {Kind::kXml, begin, false, {}};  // some other root: the reader says which
  }
  return {Kind::kNeither, 0, false, describe(body)};
}

}  // namespace dprkwatch::feed
