#include "config/opml.hpp"

#include <expat.h>

#include <memory>
#include <set>
#include <type_traits>

namespace dprkwatch::config {
namespace {

struct State {
  XML_Parser parser;
  std::vector<Feed> feeds;
  std::set<std::string> names;
  bool saw_opml = false;
  bool refused = false;
};

std::string attribute(const XML_Char** attributes, std::string_view name) {
  for (; *attributes != nullptr; attributes += 2) {
    if (name == *attributes) return attributes[1];
  }
  return {};
}

void on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
  auto& state = *static_cast<State*>(data);
  const std::string_view element = name;
  if (element == "opml") state.saw_opml = true;
  if (element != "outline") return;
  Feed feed;
  feed.url = attribute(attributes, "xmlUrl");
  if (!feed.url.starts_with("http://") && !feed.url.starts_with("https://")) return;
  feed.name = attribute(attributes, "title");
  if (feed.name.empty()) feed.name = attribute(attributes, "text");
  if (feed.name.empty()) feed.name = feed.url;
  feed.source = feed.name;
  feed.language = attribute(attributes, "language");
  const std::string base = feed.name;
  for (int number = 2; !state.names.insert(feed.name).second; ++number) feed.name = base + " " + std::to_string(number);
  state.feeds.push_back(std::move(feed));
}

void on_entity(void* data, const XML_Char*, int, const XML_Char*, int, const XML_Char*, const XML_Char*,
               const XML_Char*, const XML_Char*) {
  auto& state = *static_cast<State*>(data);
  state.refused = true;
  XML_StopParser(state.parser, XML_FALSE);
}

}  // namespace

Result<std::vector<Feed>> read_opml(std::string_view bytes, const std::string& path) {
  const std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)> parser(XML_ParserCreate(nullptr),
                                                                                           &XML_ParserFree);
  State state{parser.get(), {}, {}, false, false};
  XML_SetUserData(parser.get(), &state);
  XML_SetStartElementHandler(parser.get(), &on_start);
  XML_SetEntityDeclHandler(parser.get(), &on_entity);
  const auto status = XML_Parse(parser.get(), bytes.data(), static_cast<int>(bytes.size()), XML_TRUE);
  const std::string where = path + ":" + std::to_string(XML_GetCurrentLineNumber(parser.get())) + ":" +
                            std::to_string(XML_GetCurrentColumnNumber(parser.get()) + 1);
  if (state.refused) return fail(ErrorCode::kInvalidConfig, "declares entities, which are not read", where);
  if (status != XML_STATUS_OK) {
    return fail(ErrorCode::kInvalidConfig,
                std::string("not well-formed: ") + XML_ErrorString(XML_GetErrorCode(parser.get())), where);
  }
  if (!state.saw_opml || state.feeds.empty()) {
    return fail(ErrorCode::kInvalidConfig, "no feeds: expected OPML with outlines that have an xmlUrl", path);
  }
  return std::move(state.feeds);
}

}  // namespace dprkwatch::config
