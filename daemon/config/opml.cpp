#include "config/opml.hpp"

#include <expat.h>
#include <strings.h>

#include <algorithm>
#include <memory>
#include <set>
#include <type_traits>
#include <utility>

namespace dprkwatch::config {
namespace {

constexpr std::size_t kMaxDepth = 64;

// An open element.
struct Open {
  bool is_category = false;  // an outline with a name and no feed
  bool is_comment = false;   // it, or one around it
};

struct State {
  XML_Parser parser;
  std::vector<Feed> feeds;
  std::set<std::string> names;
  std::vector<Open> open;
  std::vector<std::string> category;
  bool saw_opml = false;
  const char* refused = nullptr;
};

// Attribute names are compared without case: xmlUrl, xmlurl and xmlURL are all in use.
std::string attribute(const XML_Char** attributes, const char* name) {
  for (; *attributes != nullptr; attributes += 2) {
    if (strcasecmp(name, *attributes) == 0) return attributes[1];
  }
  return {};
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kBlank) - first + 1));
}

std::string name_of(const XML_Char** attributes) {
  std::string name = trimmed(attribute(attributes, "title"));
  return name.empty() ? trimmed(attribute(attributes, "text")) : name;
}

// "/a/b,c": a list by commas (OPML 2.0, category).
std::vector<std::string> tags_of(std::string_view text) {
  std::vector<std::string> tags;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    if (std::string tag = trimmed(text.substr(0, end)); !tag.empty()) tags.push_back(std::move(tag));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return tags;
}

// What the configuration takes as a URL.
bool is_web_url(std::string_view url) {
  const std::size_t host = url.starts_with("http://") ? 7 : url.starts_with("https://") ? 8 : 0;
  return host != 0 && url.size() > host && url[host] != '/' &&
         std::ranges::none_of(url, [](unsigned char c) { return c <= 0x20 || c == 0x7F; });
}

void add_feed(State& state, const XML_Char** attributes, std::string url) {
  Feed feed;
  feed.url = std::move(url);
  feed.name = name_of(attributes);
  if (feed.name.empty()) feed.name = feed.url;
  feed.source = feed.name;
  feed.language = trimmed(attribute(attributes, "language"));
  feed.site = trimmed(attribute(attributes, "htmlUrl"));
  if (!is_web_url(feed.site)) feed.site.clear();
  feed.description = trimmed(attribute(attributes, "description"));
  feed.tags = tags_of(attribute(attributes, "category"));
  feed.category = state.category;
  const std::string base = feed.name;
  for (int number = 2; !state.names.insert(feed.name).second; ++number) feed.name = base + " " + std::to_string(number);
  state.feeds.push_back(std::move(feed));
}

void refuse(State& state, const char* reason) {
  state.refused = reason;
  XML_StopParser(state.parser, XML_FALSE);
}

void on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
  auto& state = *static_cast<State*>(data);
  if (state.open.size() >= kMaxDepth) return refuse(state, "nested deeper than 64 outlines");
  const std::string_view element = name;
  if (element == "opml") state.saw_opml = true;
  Open open{false, !state.open.empty() && state.open.back().is_comment};
  if (element == "outline") {
    open.is_comment = open.is_comment || attribute(attributes, "isComment") == "true";
    std::string url = trimmed(attribute(attributes, "xmlUrl"));
    if (url.empty()) {
      std::string category = name_of(attributes);
      open.is_category = !category.empty();
      if (open.is_category) state.category.push_back(std::move(category));
    } else if (!open.is_comment && is_web_url(url)) {
      add_feed(state, attributes, std::move(url));
    }
  }
  state.open.push_back(open);
}

void on_end(void* data, const XML_Char* /*name*/) {
  auto& state = *static_cast<State*>(data);
  if (state.open.back().is_category) state.category.pop_back();
  state.open.pop_back();
}

void on_entity(void* data, const XML_Char*, int, const XML_Char*, int, const XML_Char*, const XML_Char*,
               const XML_Char*, const XML_Char*) {
  refuse(*static_cast<State*>(data), "declares entities, which are not read");
}

// The value of an attribute in double quotes. Line ends and tabs, which a reader would make blanks of, are references;
// characters that XML can not hold become U+FFFD.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\n':
      case '\r':
      case '\t':
        result += "&#" + std::to_string(static_cast<int>(c)) + ";";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          result += "\xEF\xBF\xBD";
        } else {
          result += c;
        }
    }
  }
  return result;
}

void add_attribute(std::string& outline, const char* name, std::string_view value) {
  if (!value.empty()) outline += std::string(" ") + name + "=\"" + escaped(value) + "\"";
}

std::string outline_of(const Feed& feed) {
  std::string tags;
  for (const std::string& tag : feed.tags) tags += (tags.empty() ? "" : ",") + tag;
  std::string outline = "<outline";
  add_attribute(outline, "text", feed.name);
  add_attribute(outline, "title", feed.name);
  add_attribute(outline, "type", "rss");
  add_attribute(outline, "xmlUrl", feed.url);
  add_attribute(outline, "htmlUrl", feed.site);
  add_attribute(outline, "language", feed.language);
  add_attribute(outline, "category", tags);
  add_attribute(outline, "description", feed.description);
  return outline + "/>\n";
}

}  // namespace

Result<std::vector<Feed>> read_opml(std::string_view bytes, const std::string& path) {
  const std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)> parser(XML_ParserCreate(nullptr),
                                                                                             &XML_ParserFree);
  State state{parser.get(), {}, {}, {}, {}, false, nullptr};
  XML_SetUserData(parser.get(), &state);
  XML_SetElementHandler(parser.get(), &on_start, &on_end);
  XML_SetEntityDeclHandler(parser.get(), &on_entity);
  const auto status = XML_Parse(parser.get(), bytes.data(), static_cast<int>(bytes.size()), XML_TRUE);
  const std::string where = path + ":" + std::to_string(XML_GetCurrentLineNumber(parser.get())) + ":" +
                            std::to_string(XML_GetCurrentColumnNumber(parser.get()) + 1);
  if (state.refused != nullptr) return fail(ErrorCode::kInvalidConfig, state.refused, where);
  if (status != XML_STATUS_OK) {
    return fail(ErrorCode::kInvalidConfig,
                std::string("not well-formed: ") + XML_ErrorString(XML_GetErrorCode(parser.get())), where);
  }
  if (!state.saw_opml || state.feeds.empty()) {
    return fail(ErrorCode::kInvalidConfig, "no feeds: expected OPML with outlines that have an xmlUrl", path);
  }
  return std::move(state.feeds);
}

std::string write_opml(std::span<const Feed> feeds, std::string_view title) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n    <title>" +
                     escaped(title) + "</title>\n    <docs>http://opml.org/spec2.opml</docs>\n  </head>\n  <body>\n";
  const auto indent = [](std::size_t depth) { return std::string(4 + 2 * depth, ' '); };
  std::vector<std::string> open;
  const auto close_to = [&](std::size_t depth) {
    for (; open.size() > depth; open.pop_back()) text += indent(open.size() - 1) + "</outline>\n";
  };
  for (const Feed& feed : feeds) {
    if (!is_web_url(feed.url)) continue;
    const auto shared = std::ranges::mismatch(open, feed.category).in1 - open.begin();
    close_to(static_cast<std::size_t>(shared));
    while (open.size() < feed.category.size()) {
      std::string outline = "<outline";
      open.push_back(feed.category[open.size()]);
      add_attribute(outline, "text", open.back());
      add_attribute(outline, "title", open.back());
      text += indent(open.size() - 1) + outline + ">\n";
    }
    text += indent(open.size()) + outline_of(feed);
  }
  close_to(0);
  return text + "  </body>\n</opml>\n";
}

}  // namespace dprkwatch::config
