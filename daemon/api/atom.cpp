#include "api/atom.hpp"

#include <boost/json.hpp>

#include "text/text.hpp"

namespace dprkwatch::api {
namespace {

namespace json = boost::json;

// XML 1.0 §2.2 allows no other control characters than those that printable() leaves.
std::string escaped(std::string_view value) {
  std::string text;
  for (const char c : text::printable(value)) {
    switch (c) {
      case '<':
        text += "&lt;";
        break;
      case '>':
        text += "&gt;";
        break;
      case '&':
        text += "&amp;";
        break;
      case '"':
        text += "&quot;";
        break;
      default:
        text += c;
    }
  }
  return text;
}

std::string article_url(const std::string& data) {
  json::error_code error;
  const json::value value = json::parse(data, error);
  const auto* url = error ? nullptr : value.find_pointer("/article/url", error);
  const std::string text = url != nullptr && url->is_string() ? std::string(url->as_string()) : std::string();
  return text.starts_with("http://") || text.starts_with("https://") ? text : std::string();
}

}  // namespace

std::string atom(const std::vector<store::AlertRow>& alerts, Time now) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"
      "<id>urn:dprkwatch:alerts</id>\n<title>dprkwatch "
      "alerts</title>\n<author><name>dprkwatch</name></author>\n<updated>" +
      to_rfc3339(alerts.empty() ? now : alerts.front().alert.created) + "</updated>\n";
  for (const store::AlertRow& row : alerts) {
    const std::string created = to_rfc3339(row.alert.created);
    const std::string url = article_url(row.alert.data_json);
    text += "<entry>\n<id>urn:dprkwatch:alert:" + escaped(row.alert.id) + "</id>\n<title>" +
            escaped(row.alert.summary) + "</title>\n<published>" + created + "</published>\n<updated>" + created +
            "</updated>\n<category term=\"" + escaped(row.alert.severity) + "\"/>\n";
    if (!url.empty()) text += "<link rel=\"alternate\" href=\"" + escaped(url) + "\"/>\n";
    text += "<content type=\"text\">" + escaped(row.alert.rule + ": " + row.alert.summary) + "</content>\n</entry>\n";
  }
  return text + "</feed>\n";
}

}  // namespace dprkwatch::api
