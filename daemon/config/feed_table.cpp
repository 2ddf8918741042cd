#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "config/table.hpp"
#include "config/yaml_json.hpp"
#include "selector/selector.hpp"

namespace dprkwatch::config {
namespace {

// Made when the first of its keys is met.
FeedDetails& details_of(Feed& feed) {
  if (!feed.details) feed.details = std::make_shared<FeedDetails>();
  return *std::const_pointer_cast<FeedDetails>(feed.details);
}

// The program and its arguments; as for plugins, ./ is the file's folder.
std::vector<std::string> read_command(Reader& reader, const YAML::Node& node, const KeyInfo& key) {
  std::vector<std::string> command = reader.strings(node, key);
  for (std::string& word : command) {
    if (word.starts_with("./") || word.starts_with("../")) word = reader.path(word);
  }
  if (node.IsSequence() && command.empty()) {
    reader.mistake(node, std::string("`") + key.name + "`: expected a program and its arguments");
  }
  return command;
}

// The first line of a file, without the blanks around it.
std::string read_secret(Reader& reader, const YAML::Node& node, const KeyInfo& key) {
  const auto path = reader.string(node, key);
  if (!path) return {};
  auto text = read_small_file(reader.path(*path));
  if (!text) {
    reader.mistake(node, std::string("`") + key.name + "`: cannot read " + reader.path(*path));
    return {};
  }
  text->erase(text->find_last_not_of(" \t\r\n") + 1);
  const bool one_line = std::ranges::none_of(*text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (text->empty() || !one_line) {
    reader.mistake(node, std::string("`") + key.name + "`: expected one line in " + reader.path(*path));
  }
  return *text;
}

// RFC 9110 §5.1 (token) and §5.5 (what a value may hold).
bool is_header(std::string_view name, std::string_view value) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  const auto is_token = [&](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kOthers.find(static_cast<char>(c)) != std::string_view::npos;
  };
  return !name.empty() && std::ranges::all_of(name, is_token) &&
         std::ranges::none_of(value, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

void read_headers(Reader& reader, const YAML::Node& node, Feed& feed) {
  constexpr std::array<std::string_view, 7> kOurs{
      "host",          "content-length",    "connection",       "authorization",
      "if-none-match", "if-modified-since", "transfer-encoding"};
  if (!node.IsMap()) {
    reader.mistake(node, "`headers`: expected a map of names and values");
    return;
  }
  for (const auto& entry : node) {
    if (!entry.first.IsScalar() || !entry.second.IsScalar() ||
        !is_header(entry.first.Scalar(), entry.second.Scalar())) {
      reader.mistake(entry.first, "`headers`: expected the name of a header and one line of text");
      continue;
    }
    std::string name = entry.first.Scalar();
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (std::ranges::find(kOurs, name) != kOurs.end()) {
      reader.mistake(entry.first,
                     "`headers`: `" + name + "` is set by dprkwatch" +
                         (name == "authorization" ? "; use `user` and `password_file`, or `token_file`" : ""));
      continue;
    }
    details_of(feed).headers.emplace_back(entry.first.Scalar(), entry.second.Scalar());
  }
}

const Table<FeedDetails>& links_table() {
  static const Table<FeedDetails> table{
      {{"pattern", Type::kString, "", "Of the link's absolute URL; * stands for any characters."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, FeedDetails& details) {
         assign(details.link_pattern, reader.string(node, key));
       }},
      {{"selector", Type::kString, "",
        "CSS selector of the links, or of what holds them: tags, .classes, #ids, [attributes], descendants, children."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, FeedDetails& details) {
         assign(details.link_selector, reader.string(node, key));
         if (const auto parsed = selector::parse(details.link_selector); !parsed) {
           reader.mistake(node, "`selector`: " + parsed.error().message);
         }
       }},
  };
  return table;
}

std::vector<KeyInfo> links_keys() {
  return infos(links_table());
}

}  // namespace

const Table<Feed>& feed_table() {
  static const Table<Feed> table{
      {{"name", Type::kString, "", "What rules, logs and alerts call it; unique.", true},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Feed& feed) {
         assign(feed.name, reader.string(node, key));
       }},
      {{"url", Type::kUrl, "", "Where the document is; else `exec` or `file`."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Feed& feed) {
         assign(feed.url, reader.url(node, key));
       }},
      {{"interval", Type::kDuration, "", "How often it is polled, whatever its rhythm; default: fetch.interval.", false,
        200 * kMillisecond, 30 * kDay},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Feed& feed) {
         feed.interval = reader.duration(node, key);
       }},
      {{"language", Type::kString, "", "Language of entries that do not say theirs (en, ko, ja, zh, ru)."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Feed& feed) {
         assign(feed.language, reader.string(node, key));
       }},
      {{"source", Type::kString, "", "The outlet; default: the name."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Feed& feed) {
         assign(feed.source, reader.string(node, key));
       }},
      {{"websub", Type::kBoolean, "true", "Whether its hub, if it names one, is asked to push."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Feed& feed) {
         assign(feed.websub, reader.boolean(node, key));
       }},
      {{"category", Type::kStrings, "[]",
        "Its place among the feeds, outermost first, as the outlines of an OPML file."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Feed& feed) {
         feed.category = reader.strings(node, key);
       }},
      {{"tags", Type::kStrings, "[]", "Words for it, as an OPML file has them in `category`."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Feed& feed) {
         feed.tags = reader.strings(node, key);
       }},
      {{"site", Type::kUrl, "", "The outlet's page for people."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Feed& feed) {
         assign(feed.site, reader.url(node, key));
       }},
      {{"description", Type::kString, "", "What it is, in a sentence."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Feed& feed) {
         assign(feed.description, reader.string(node, key));
       }},
      {{"type",
        Type::kChoice,
        "feed",
        "Feed: RSS, Atom, JSON Feed or a sitemap; page: a web page whose links lead to the articles (see `links`).",
        false,
        0,
        0,
        {"feed", "page"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Feed& feed) {
         if (const auto index = reader.choice(node, key)) feed.type = *index == 0 ? FeedType::kFeed : FeedType::kPage;
       }},
      {{"links", Type::kObject, "", "Type page: which links lead to articles.", false, 0, 0, {}, &links_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Feed& feed) {
         read_object(reader, node, "links", links_table(), details_of(feed));
       }},
      {{"full_text", Type::kBoolean, "false",
        "Fetch each article's page, robots.txt allowing, and take its main text when that is longer than the entry's."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Feed& feed) {
         assign(feed.full_text, reader.boolean(node, key));
       }},
      {{"recheck", Type::kDuration, "",
        "Look again at the pages of articles for so long, ever more seldom, for edits and removals; needs full_text or "
        "type page.",
        false, kMinute, 30 * kDay},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Feed& feed) {
         feed.recheck = reader.duration(node, key);
       }},
      {{"exec", Type::kStrings, "", "Instead of a URL: a command that prints the document; no shell."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Feed& feed) {
         details_of(feed).exec = read_command(reader, node, key);
       }},
      {{"file", Type::kString, "", "Instead of a URL: a file below one of fetch.allow_files."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Feed& feed) {
         if (const auto path = reader.string(node, key)) details_of(feed).file = reader.path(*path);
       }},
      {{"filter", Type::kStrings, "",
        "A command that reads the document on standard input and prints another; no shell."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Feed& feed) {
         details_of(feed).filter = read_command(reader, node, key);
       }},
      {{"headers", Type::kFree, "", "Headers sent with its requests, redirects included."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Feed& feed) { read_headers(reader, node, feed); }},
      {{"user", Type::kString, "", "Name for basic authentication; with `password_file`."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Feed& feed) {
         assign(details_of(feed).user, reader.string(node, key));
       }},
      {{"password_file", Type::kString, "", "A file with the password."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Feed& feed) {
         details_of(feed).password = read_secret(reader, node, key);
       }},
      {{"token_file", Type::kString, "", "A file with a bearer token (Authorization: Bearer)."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Feed& feed) {
         details_of(feed).token = read_secret(reader, node, key);
       }},
  };
  return table;
}

}  // namespace dprkwatch::config
