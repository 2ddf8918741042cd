#include "demo/scenario.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <fstream>
#include <sstream>
#include <tuple>
#include <utility>

#include "feed/feed.hpp"

namespace dprkwatch::demo {
namespace {

// The text between two markers; empty when they are not there.
std::string between(std::string_view text, std::string_view begin, std::string_view end) {
  const auto from = text.find(begin);
  if (from == std::string_view::npos) return {};
  const auto to = text.find(end, from + begin.size());
  if (to == std::string_view::npos) return {};
  return std::string(text.substr(from + begin.size(), to - from - begin.size()));
}

Result<std::string> sortable(const std::string& date, const std::string& path) {
  const auto time = feed::parse_date(date);
  if (!time) return fail(ErrorCode::kInvalidInput, "an entry without a date that can be read", path);
  return to_rfc3339(*time);
}

// Cuts an XML document at <item> or <entry>.
Result<void> cut_xml(const std::string& text, const std::string& tag, const std::string& date_tag, Document& document) {
  const std::string open = "<" + tag + ">";
  const std::string close = "</" + tag + ">";
  std::size_t at = text.find(open);
  if (at == std::string::npos) return fail(ErrorCode::kInvalidInput, "no " + open, document.path);
  document.before = text.substr(0, at);
  document.separator = "\n";
  while (at != std::string::npos) {
    const std::size_t end = text.find(close, at);
    if (end == std::string::npos) return fail(ErrorCode::kInvalidInput, "no " + close, document.path);
    Document::Entry entry{text.substr(at, end + close.size() - at), {}};
    auto date = sortable(between(entry.bytes, "<" + date_tag + ">", "</" + date_tag + ">"), document.path);
    if (!date) return tl::unexpected(std::move(date.error()));
    entry.published = std::move(*date);
    document.entries.push_back(std::move(entry));
    at = text.find(open, end);
    if (at == std::string::npos) document.after = text.substr(end + close.size());
  }
  return {};
}

Result<void> cut_json(const std::string& text, Document& document) {
  boost::json::error_code error;
  auto value = boost::json::parse(text, error);
  if (error || !value.is_object() || !value.as_object().contains("items") || !value.at("items").is_array()) {
    return fail(ErrorCode::kInvalidInput, "no JSON Feed", document.path);
  }
  for (const auto& item : value.at("items").as_array()) {
    const auto* date = item.is_object() ? item.as_object().if_contains("date_published") : nullptr;
    auto sorted = sortable(date != nullptr && date->is_string() ? std::string(date->as_string()) : "", document.path);
    if (!sorted) return tl::unexpected(std::move(sorted.error()));
    document.entries.push_back({boost::json::serialize(item), std::move(*sorted)});
  }
  value.as_object()["items"] = boost::json::array();
  const std::string whole = boost::json::serialize(value);
  const auto bracket = whole.find("\"items\":[") + std::string_view("\"items\":[").size();
  document.before = whole.substr(0, bracket);
  document.separator = ",";
  document.after = whole.substr(bracket);
  return {};
}

}  // namespace

Result<Scenario> Scenario::load(const std::string& folder) {
  struct Source {
    const char* file;
    const char* path;
    const char* content_type;
  };
  constexpr std::array kSources{
      Source{"wire.rss.xml", "/wire.xml", "application/rss+xml; charset=utf-8"},
      Source{"analysis.atom.xml", "/analysis.xml", "application/atom+xml; charset=utf-8"},
      Source{"korean.feed.json", "/korean.json", "application/feed+json; charset=utf-8"},
  };
  Scenario scenario;
  for (const Source& source : kSources) {
    const std::string path = folder + "/" + source.file;
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(ErrorCode::kNotFound, "cannot read the scenario's feed", path);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    const std::string text = std::move(bytes).str();
    Document document;
    document.path = source.path;
    document.content_type = source.content_type;
    const std::string_view name = source.file;
    Result<void> cut = name.ends_with(".json")      ? cut_json(text, document)
                       : name.ends_with(".rss.xml") ? cut_xml(text, "item", "pubDate", document)
                                                    : cut_xml(text, "entry", "published", document);
    if (!cut) return tl::unexpected(std::move(cut.error()));
    scenario.documents_.push_back(std::move(document));
  }
  for (std::size_t d = 0; d < scenario.documents_.size(); ++d) {
    for (std::size_t e = 0; e < scenario.documents_[d].entries.size(); ++e) scenario.order_.push_back({d, e});
  }
  const auto key = [&](const Place& place) {
    return std::tuple(std::string_view(scenario.documents_[place.document].entries[place.entry].published),
                      place.document, place.entry);
  };
  std::sort(scenario.order_.begin(), scenario.order_.end(),
            [&](const Place& a, const Place& b) { return key(a) < key(b); });
  return scenario;
}

std::string Scenario::render(const Document& document, std::size_t count) const {
  std::vector<bool> published(document.entries.size(), false);
  for (std::size_t i = 0; i < std::min(count, order_.size()); ++i) {
    if (&documents_[order_[i].document] == &document) published[order_[i].entry] = true;
  }
  std::string text = document.before;
  bool first = true;
  for (std::size_t i = 0; i < published.size(); ++i) {
    if (!published[i]) continue;
    if (!first) text += document.separator;
    text += document.entries[i].bytes;
    first = false;
  }
  return text + document.after;
}

std::size_t Scenario::version(const Document& document, std::size_t count) const {
  for (std::size_t i = std::min(count, order_.size()); i > 0; --i) {
    if (&documents_[order_[i - 1].document] == &document) return i;
  }
  return 0;
}

const Document* Scenario::find(std::string_view path) const {
  const auto found = std::find_if(documents_.begin(), documents_.end(),
                                  [&](const Document& document) { return document.path == path; });
  return found == documents_.end() ? nullptr : &*found;
}

}  // namespace dprkwatch::demo
