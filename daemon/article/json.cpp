// A feed as JSON, near to JSON Feed 1.1.
//
// What a feed does not say is left out: no null, no empty string. Arrays are always there, and so are `format` and each
// entry's `text`. Texts are cleaned as for analysis; HTML is sanitised; plain text given as content comes out escaped.

#include <boost/json.hpp>

#include "article/article.hpp"
#include "article/html_escape.hpp"
#include "article/language.hpp"
#include "article/plain.hpp"

namespace dprkwatch::article {
namespace {

namespace json = boost::json;

// JSON must be UTF-8 (RFC 8259 §8.1), and nothing that a feed says may put control characters into a terminal.
void put(json::object& object, std::string_view key, std::string_view value) {
  if (auto clean = clean_text(value); !clean.empty()) object[key] = std::move(clean);
}

void put(json::object& object, std::string_view key, const std::optional<Time>& time) {
  if (time) object[key] = to_rfc3339(*time);
}

void put_html(json::object& object, std::string_view key, const feed::Text& text) {
  auto html = text.is_html ? sanitize_html(markup_of(text), text.base_url) : text_to_html(clean_text(text.value));
  if (!html.empty()) object[key] = std::move(html);
}

json::array strings_of(const std::vector<std::string>& values) {
  json::array array;
  for (const auto& value : values) array.emplace_back(clean_text(value));
  return array;
}

// Names and tags are plain text, but their publishers bring markup into them all the same.
std::string plain_words(const std::string& value) {
  return plain_title({value, false, {}});
}

json::object object_of(const feed::Person& person) {
  json::object object;
  put(object, "name", plain_words(person.name));
  put(object, "email", person.email);
  put(object, "url", person.url);
  return object;
}

json::object object_of(const feed::Attachment& attachment) {
  json::object object;
  put(object, "url", attachment.url);
  put(object, "mime_type", attachment.mime_type);
  if (attachment.size_in_bytes) object["size_in_bytes"] = *attachment.size_in_bytes;
  return object;
}

json::object object_of(const feed::Warning& warning) {
  return {{"code", warning.code}, {"line", warning.line}, {"message", clean_text(warning.message)}};
}

json::object object_of(const feed::Entry& entry);

template <class T>
json::array objects_of(const std::vector<T>& values) {
  json::array array;
  for (const auto& value : values) array.emplace_back(object_of(value));
  return array;
}

json::object object_of(const feed::Entry& entry) {
  json::object item;
  put(item, "id", entry.id);
  put(item, "url", entry.url);
  put(item, "external_url", entry.external_url);
  put(item, "title", plain_title(entry.title));
  put_html(item, "summary_html", entry.summary);
  put_html(item, "content_html", entry.content);
  item["text"] = plain_body(entry);
  item["authors"] = objects_of(entry.authors);
  put(item, "date_published", entry.published);
  put(item, "date_modified", entry.modified);
  put(item, "language", entry.language);
  json::array tags;
  for (const auto& tag : entry.tags) tags.emplace_back(plain_words(tag));
  item["tags"] = std::move(tags);
  put(item, "image", entry.image);
  item["attachments"] = objects_of(entry.attachments);
  return item;
}

}  // namespace

std::string to_json(const feed::Feed& feed) {
  json::object object;
  object["format"] = feed.format;
  put(object, "title", plain_title(feed.title));
  put(object, "description", plain_text(feed.description));
  put(object, "home_page_url", feed.home_page_url);
  put(object, "feed_url", feed.feed_url);
  object["hub_urls"] = strings_of(feed.hub_urls);
  put(object, "language", feed.language);
  put(object, "updated", feed.updated);
  if (feed.ttl_seconds) object["ttl_seconds"] = *feed.ttl_seconds;
  json::array hours;
  for (const int hour : feed.skip_hours) hours.emplace_back(hour);
  object["skip_hours"] = std::move(hours);
  object["skip_days"] = strings_of(feed.skip_days);
  object["items"] = objects_of(feed.entries);
  object["warnings"] = objects_of(feed.warnings);
  return json::serialize(object);
}

}  // namespace dprkwatch::article
