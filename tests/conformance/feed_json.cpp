#include "feed_json.hpp"

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <set>

namespace dprkwatch::conformance {
namespace {

namespace json = boost::json;

void put(json::object& object, const char* key, const std::string& value) {
  if (!value.empty()) {
    object[key] = value;
  }
}

void put(json::object& object, const char* key, const std::optional<Time>& time) {
  if (time) {
    object[key] = to_rfc3339(*time);
  }
}

void put(json::object& object, const char* key, const feed::Text& text) {
  if (text.value.empty()) {
    return;
  }
  if (!text.is_html) {
    object[key] = text.value;
    return;
  }
  json::object html{{"html", text.value}};
  put(html, "base", text.base_url);
  object[key] = std::move(html);
}

void put(json::object& object, const char* key, const std::vector<std::string>& values) {
  if (!values.empty()) {
    object[key] = json::array(values.begin(), values.end());
  }
}

void put(json::object& object, const char* key, const std::vector<feed::Person>& people) {
  json::array array;
  for (const feed::Person& person : people) {
    json::object one;
    put(one, "name", person.name);
    put(one, "email", person.email);
    put(one, "url", person.url);
    array.push_back(std::move(one));
  }
  if (!array.empty()) {
    object[key] = std::move(array);
  }
}

json::object entry_to_json(const feed::Entry& entry) {
  json::object item;
  put(item, "id", entry.id);
  put(item, "url", entry.url);
  put(item, "external_url", entry.external_url);
  put(item, "title", entry.title);
  put(item, "summary", entry.summary);
  put(item, "content", entry.content);
  put(item, "authors", entry.authors);
  put(item, "published", entry.published);
  put(item, "modified", entry.modified);
  put(item, "language", entry.language);
  put(item, "tags", entry.tags);
  put(item, "image", entry.image);
  json::array attachments;
  for (const feed::Attachment& attachment : entry.attachments) {
    json::object one{{"url", attachment.url}};
    put(one, "mime_type", attachment.mime_type);
    if (attachment.size_in_bytes) {
      one["size_in_bytes"] = *attachment.size_in_bytes;
    }
    attachments.push_back(std::move(one));
  }
  if (!attachments.empty()) {
    item["attachments"] = std::move(attachments);
  }
  return item;
}

void compare(const json::value& expected, const json::value& got, const std::string& path, std::string& report) {
  if (expected.is_object() && got.is_object()) {
    std::set<std::string> keys;
    for (const auto& [key, value] : expected.get_object()) {
      keys.insert(std::string{key});
    }
    for (const auto& [key, value] : got.get_object()) {
      keys.insert(std::string{key});
    }
    for (const std::string& key : keys) {
      const json::value* left = expected.get_object().if_contains(key);
      const json::value* right = got.get_object().if_contains(key);
      compare(left == nullptr ? json::value{} : *left, right == nullptr ? json::value{} : *right, path + "." + key,
              report);
    }
    return;
  }
  if (expected.is_array() && got.is_array() && expected.get_array().size() == got.get_array().size()) {
    for (std::size_t i = 0; i < expected.get_array().size(); ++i) {
      compare(expected.get_array()[i], got.get_array()[i], path + "[" + std::to_string(i) + "]", report);
    }
    return;
  }
  const bool are_numbers = expected.is_number() && got.is_number();
  const bool equal = are_numbers ? expected.to_number<double>() == got.to_number<double>() : expected == got;
  if (!equal) {
    report += "  " + path + ": expected " + json::serialize(expected) + ", got " + json::serialize(got) + "\n";
  }
}

}  // namespace

json::value to_json(const feed::Feed& feed) {
  json::object root;
  put(root, "format", feed.format);
  put(root, "title", feed.title);
  put(root, "description", feed.description);
  put(root, "home_page_url", feed.home_page_url);
  put(root, "feed_url", feed.feed_url);
  put(root, "hub_urls", feed.hub_urls);
  put(root, "language", feed.language);
  put(root, "authors", feed.authors);
  put(root, "tags", feed.tags);
  put(root, "image", feed.image);
  put(root, "updated", feed.updated);
  if (feed.ttl_seconds) {
    root["ttl_seconds"] = *feed.ttl_seconds;
  }
  if (!feed.skip_hours.empty()) {
    root["skip_hours"] = json::array(feed.skip_hours.begin(), feed.skip_hours.end());
  }
  put(root, "skip_days", feed.skip_days);
  json::array items;
  for (const feed::Entry& entry : feed.entries) {
    items.push_back(entry_to_json(entry));
  }
  root["items"] = std::move(items);
  std::set<std::string> codes;
  for (const feed::Warning& warning : feed.warnings) {
    codes.insert(warning.code);
  }
  if (!codes.empty()) {
    root["warnings"] = json::array(codes.begin(), codes.end());
  }
  return root;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::string describe_difference(const json::value& expected, const json::value& got) {
  std::string report;
  compare(expected, got, "", report);
  return report;
}

}  // namespace dprkwatch::conformance
