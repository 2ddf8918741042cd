#include "feed/json_feed.hpp"

#include <boost/json.hpp>

#include "feed/draft.hpp"
#include "feed/encoding.hpp"
#include "feed/json_repair.hpp"
#include "feed/media.hpp"
#include "feed/names.hpp"
#include "feed/person.hpp"

namespace dprkwatch::feed {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDepth = 64;  // DESIGN §6

// A JSON document has no xml:base; its own address is the next best base.
class JsonPosition final : public Position {
 public:
  explicit JsonPosition(std::string base) : base_{std::move(base)} {}
  [[nodiscard]] std::size_t line() const override { return 0; }
  [[nodiscard]] std::string_view base() const override { return base_; }
  [[nodiscard]] std::string_view language() const override { return {}; }

 private:
  std::string base_;
};

const json::value* find(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::string_view string_of(const json::object& object, std::string_view key) {
  const json::value* value = find(object, key);
  const json::string* string = value == nullptr ? nullptr : value->if_string();
  return string == nullptr ? std::string_view{} : std::string_view{string->data(), string->size()};
}

// The specification says string, and that readers should take numbers as well.
std::string id_of(const json::object& item) {
  const json::value* id = find(item, "id");
  if (id == nullptr) {
    return {};
  }
  if (id->is_string() || !id->is_number()) {
    return std::string{trimmed(string_of(item, "id"))};
  }
  return json::serialize(*id);
}

const json::array* array_of(const json::object& object, std::string_view key) {
  const json::value* value = find(object, key);
  return value == nullptr ? nullptr : value->if_array();
}

class JsonFeedReader {
 public:
  explicit JsonFeedReader(Draft draft) : draft_{draft}, feed_{draft.feed} {}

  void read(const json::object& root);

 private:
  void read_item(const json::object& item);
  void read_attachments(const json::object& item, Entry& entry);
  std::vector<Person> read_people(const json::object& object);
  Text read_text(std::string_view value, bool is_html);

  Draft draft_;
  Feed& feed_;
};

void JsonFeedReader::read(const json::object& root) {
  feed_.home_page_url = draft_.web_url(string_of(root, "home_page_url"));
  feed_.feed_url = draft_.web_url(string_of(root, "feed_url"));
  feed_.title = read_text(string_of(root, "title"), false);
  feed_.description = read_text(string_of(root, "description"), false);
  feed_.language = language_tag(string_of(root, "language"));
  feed_.authors = read_people(root);
  const std::string_view icon = string_of(root, "icon");
  feed_.image = draft_.web_url(icon.empty() ? string_of(root, "favicon") : icon);
  if (const json::array* hubs = array_of(root, "hubs")) {
    for (const json::value& hub : *hubs) {
      if (const json::object* object = hub.if_object()) {
        add_tag(feed_.hub_urls, draft_.web_url(string_of(*object, "url")));
      }
    }
  }
  if (const json::array* items = array_of(root, "items")) {
    for (const json::value& item : *items) {
      if (!draft_.has_room()) {
        return;
      }
      if (const json::object* object = item.if_object()) {
        read_item(*object);
      } else {
        draft_.warnings.add("bad-type", 0, "an item is not an object and is left out");
      }
    }
  }
}

void JsonFeedReader::read_item(const json::object& item) {
  Entry entry;
  entry.id = id_of(item);
  entry.url = draft_.web_url(string_of(item, "url"));
  entry.external_url = draft_.web_url(string_of(item, "external_url"));
  entry.title = read_text(string_of(item, "title"), false);
  entry.summary = read_text(string_of(item, "summary"), false);
  const std::string_view html = string_of(item, "content_html");
  entry.content = read_text(html.empty() ? string_of(item, "content_text") : html, !html.empty());
  entry.content.is_literal = html.empty();
  entry.authors = read_people(item);
  entry.published = draft_.date(string_of(item, "date_published"));
  entry.modified = draft_.date(string_of(item, "date_modified"));
  entry.language = language_tag(string_of(item, "language"));
  const std::string_view image = string_of(item, "image");
  entry.image = draft_.web_url(image.empty() ? string_of(item, "banner_image") : image);
  if (const json::array* tags = array_of(item, "tags")) {
    for (const json::value& tag : *tags) {
      if (const json::string* string = tag.if_string()) {
        add_tag(entry.tags, {string->data(), string->size()});
      }
    }
  }
  read_attachments(item, entry);
  feed_.entries.push_back(std::move(entry));
}

void JsonFeedReader::read_attachments(const json::object& item, Entry& entry) {
  const json::array* attachments = array_of(item, "attachments");
  if (attachments == nullptr) {
    return;
  }
  for (const json::value& value : *attachments) {
    const json::object* object = value.if_object();
    if (object == nullptr) {
      continue;
    }
    Attachment attachment{draft_.web_url(string_of(*object, "url")), std::string{string_of(*object, "mime_type")}, {}};
    if (const json::value* size = find(*object, "size_in_bytes"); size != nullptr && size->is_number()) {
      boost::system::error_code error;
      if (const auto bytes = size->to_number<std::uint64_t>(error); !error) {
        attachment.size_in_bytes = bytes;
      }
    }
    add_attachment(entry.attachments, std::move(attachment));
  }
}

// `authors` since 1.1, `author` before.
std::vector<Person> JsonFeedReader::read_people(const json::object& object) {
  std::vector<Person> people;
  const auto add = [&](const json::value& value) {
    if (const json::object* person = value.if_object()) {
      const std::string_view url = string_of(*person, "url");
      // JSON Feed 1.1: "could also be a mailto: link".
      add_person(people,
                 {std::string{trimmed(string_of(*person, "name"))}, parse_person(url).email, draft_.quiet_url(url)});
    } else if (const json::string* name = value.if_string()) {
      add_person(people, parse_person({name->data(), name->size()}));
    }
  };
  if (const json::array* authors = array_of(object, "authors")) {
    for (const json::value& author : *authors) {
      add(author);
    }
  }
  if (const json::value* author = find(object, "author"); author != nullptr && people.empty()) {
    add(*author);
  }
  return people;
}

Text JsonFeedReader::read_text(std::string_view value, bool is_html) {
  value = trimmed(value);
  if (value.size() > draft_.limits.text_bytes) {
    draft_.warnings.add("text-too-long", 0, "a text is cut at " + std::to_string(draft_.limits.text_bytes) + " bytes");
    value = value.substr(0, valid_utf8_prefix(value.substr(0, draft_.limits.text_bytes)));
  }
  return draft_.text(value, is_html);
}

// Depth is capped by the parser, so no later step can recurse without end.
json::value parse_json(std::string_view text, json::storage_ptr storage, boost::system::error_code& error,
                       bool is_lenient) {
  json::parse_options options;
  options.max_depth = kMaxDepth;
  options.allow_comments = is_lenient;
  options.allow_trailing_commas = is_lenient;
  return json::parse(text, error, std::move(storage), options);
}

// The version as the format's name has it: "https://jsonfeed.org/version/1.1", "https://jsonfeed.org/version/1", "1.0".
std::string format_of(const json::object& root, Warnings& warnings) {
  const std::string_view version = trimmed(string_of(root, "version"));
  if (version.ends_with("1.1")) {
    return "json-feed-1.1";
  }
  if (version.ends_with("/1") || version.ends_with("1.0") || version == "1") {
    return "json-feed-1.0";
  }
  warnings.add("unknown-version", 0, "'" + excerpt(version) + "' is no known version of JSON Feed; read as 1.1");
  return "json-feed-1.1";
}

}  // namespace

Result<void> read_json(std::string_view document, const ParseOptions& options, Feed& feed, Warnings& warnings) {
  json::monotonic_resource memory;
  boost::system::error_code error;
  json::value root = parse_json(document, &memory, error, false);
  std::string mended;
  if (error) {
    if (error == json::error::too_deep) {
      return fail(ErrorCode::kInvalidInput,
                  "this JSON document is nested deeper than " + std::to_string(kMaxDepth) + " levels: not a feed");
    }
    const std::string why = error.message();
    mended = repair_json(document, warnings);
    error.clear();
    root = parse_json(mended, &memory, error, true);
    if (error) {
      return fail(ErrorCode::kInvalidInput, "this looks like JSON but is not (" + why + "); expected a JSON Feed");
    }
    warnings.add("lenient-json", 0, "the document is not JSON as RFC 8259 has it (" + why + ")");
  }
  const json::object* object = root.if_object();
  const bool is_feed =
      object != nullptr && (array_of(*object, "items") != nullptr ||
                            string_of(*object, "version").find("jsonfeed.org") != std::string_view::npos);
  if (!is_feed) {
    return fail(ErrorCode::kInvalidInput, "this is JSON, but not a JSON Feed: it has no \"items\"");
  }
  feed.format = format_of(*object, warnings);
  const std::string_view own = string_of(*object, "feed_url");
  const JsonPosition position{options.base_url.empty() ? std::string{own} : options.base_url};
  JsonFeedReader{Draft{feed, warnings, options.limits, position}}.read(*object);
  return {};
}

}  // namespace dprkwatch::feed
