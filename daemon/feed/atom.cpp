// Atom 1.0 (RFC 4287) and 0.3 (draft-ietf-atompub-format-00's forerunner, still published).

#include <algorithm>
#include <array>

#include "feed/base64.hpp"
#include "feed/encoding.hpp"
#include "feed/media.hpp"
#include "feed/person.hpp"
#include "feed/xml_format.hpp"

namespace dprkwatch::feed {
namespace {

enum class Field {
  kEntry,
  kTitle,
  kSummary,
  kContent,
  kId,
  kLink,
  kPersonParts,
  kPersonName,
  kPublished,
  kModified,
  kCategory,
  kTag,
  kImage,
  kMedia,
  kMediaGroup,
  kSource,
  kLanguage,
};

struct Rule {
  Space space;  // kAtom stands for both versions
  Tag tag;
  Field field;
  int rank = 0;
};

constexpr std::array kFeedRules = {
    Rule{Space::kAtom, Tag::kEntry, Field::kEntry},
    Rule{Space::kAtom, Tag::kTitle, Field::kTitle, 2},
    Rule{Space::kAtom, Tag::kSubtitle, Field::kSummary, 2},
    Rule{Space::kAtom, Tag::kTagline, Field::kSummary, 2},
    Rule{Space::kAtom, Tag::kLink, Field::kLink},
    Rule{Space::kAtom, Tag::kUpdated, Field::kModified, 2},
    Rule{Space::kAtom, Tag::kModified, Field::kModified, 2},
    Rule{Space::kAtom, Tag::kAuthor, Field::kPersonParts, 2},
    Rule{Space::kDc, Tag::kCreator, Field::kPersonName, 1},
    Rule{Space::kAtom, Tag::kCategory, Field::kCategory},
    Rule{Space::kAtom, Tag::kLogo, Field::kImage, 2},
    Rule{Space::kAtom, Tag::kIcon, Field::kImage, 1},
    Rule{Space::kDc, Tag::kLanguage, Field::kLanguage, 1},
};

constexpr std::array kEntryRules = {
    Rule{Space::kAtom, Tag::kTitle, Field::kTitle, 2},
    Rule{Space::kMedia, Tag::kTitle, Field::kTitle, 1},
    Rule{Space::kAtom, Tag::kSummary, Field::kSummary, 2},
    Rule{Space::kMedia, Tag::kDescription, Field::kSummary, 1},
    Rule{Space::kAtom, Tag::kContent, Field::kContent, 2},
    Rule{Space::kContent, Tag::kEncoded, Field::kContent, 1},
    Rule{Space::kAtom, Tag::kId, Field::kId},
    Rule{Space::kAtom, Tag::kLink, Field::kLink},
    Rule{Space::kAtom, Tag::kAuthor, Field::kPersonParts, 2},
    Rule{Space::kDc, Tag::kCreator, Field::kPersonName, 1},
    Rule{Space::kAtom, Tag::kPublished, Field::kPublished, 3},
    Rule{Space::kAtom, Tag::kIssued, Field::kPublished, 3},
    Rule{Space::kAtom, Tag::kCreated, Field::kPublished, 2},
    Rule{Space::kDcterms, Tag::kIssued, Field::kPublished, 2},
    Rule{Space::kDc, Tag::kDate, Field::kPublished, 1},
    Rule{Space::kAtom, Tag::kUpdated, Field::kModified, 2},
    Rule{Space::kAtom, Tag::kModified, Field::kModified, 2},
    Rule{Space::kDcterms, Tag::kModified, Field::kModified, 1},
    Rule{Space::kAtom, Tag::kCategory, Field::kCategory},
    Rule{Space::kDc, Tag::kSubject, Field::kTag},
    Rule{Space::kMedia, Tag::kContent, Field::kMedia},
    Rule{Space::kMedia, Tag::kThumbnail, Field::kMedia},
    Rule{Space::kMedia, Tag::kGroup, Field::kMediaGroup},
    Rule{Space::kItunes, Tag::kImage, Field::kMedia},
    Rule{Space::kAtom, Tag::kSource, Field::kSource},
    Rule{Space::kDc, Tag::kLanguage, Field::kLanguage, 1},
};

constexpr std::array kSourceRules = {Rule{Space::kAtom, Tag::kAuthor, Field::kPersonParts, 2}};

struct Ranks {
  int title = 0;
  int summary = 0;
  int content = 0;
  int people = 0;
  int published = 0;
  int modified = 0;
  int link = 0;
  int image = 0;
};

// How a text construct is written down (RFC 4287 §3.1, §4.1.3; Atom 0.3 §3.1 adds "mode").
enum class Form { kText, kHtml, kXhtml, kXml, kBase64 };

struct Construct {
  Form form = Form::kText;
  bool is_html = false;
};

Construct construct_of(const Attributes& attributes, bool is_atom03, bool is_content) {
  const std::string_view type = trimmed(attributes.get("type"));
  const std::string_view mode = trimmed(attributes.get("mode"));
  const bool html = equals_ignoring_case(type, "html") || equals_ignoring_case(type, "text/html");
  const bool xhtml = equals_ignoring_case(type, "xhtml") || equals_ignoring_case(type, "application/xhtml+xml");
  if (mode == "base64") {
    return {Form::kBase64, html || xhtml};
  }
  if (mode == "escaped") {
    return {Form::kHtml, html || xhtml};
  }
  if (xhtml) {
    return {Form::kXhtml, true};
  }
  if (html) {
    return {Form::kHtml, true};
  }
  if (type.empty() || type == "text" || type.starts_with("text/") || is_atom03) {
    return {Form::kText, false};
  }
  if (type.ends_with("+xml") || type.ends_with("/xml")) {
    return {Form::kXml, true};
  }
  // RFC 4287 §4.1.3.3: content that is neither text nor XML is Base64. JSON, which is text, came later; titles and
  // summaries have no such types, and only what is plainly binary is taken at its word.
  const bool is_binary = type == "application/octet-stream" || type.starts_with("image/") ||
                         type.starts_with("audio/") || type.starts_with("video/") ||
                         (is_content && type.find('/') != std::string_view::npos && !type.ends_with("json"));
  return {is_binary ? Form::kBase64 : Form::kText, false};
}

class AtomReader final : public FormatReader {
 public:
  explicit AtomReader(Draft draft) : draft_{draft}, feed_{draft.feed} {}

  Step open(const Element& element) override;
  void captured(const Capture& capture) override;
  void close() override;
  void finish() override {}

 private:
  enum class Context { kFeed, kEntry, kSource, kPerson, kMediaGroup };

  Step descend(Context context) {
    contexts_.push_back(context);
    return Step::kDescend;
  }
  Step open_root(const Element& root);
  Step begin(const Element& element);
  Step begin_construct(const Element& element);
  Step begin_entry();
  void end_entry();
  [[nodiscard]] const Rule* rule_for(const Element& element) const;
  void read_link(const Attributes& attributes);
  void read_feed_link(std::string_view rel, const Attributes& attributes);
  void read_entry_link(std::string_view rel, const Attributes& attributes);
  void set_person(Person person);
  [[nodiscard]] Text text_of(const Capture& capture) const;
  void set_text(const Capture& capture);
  void set_date(std::string_view value);

  Draft draft_;
  Feed& feed_;
  std::vector<Context> contexts_;
  Rule rule_{};
  Construct construct_;
  bool is_atom03_ = false;
  bool in_entry_ = false;
  Entry entry_;
  std::vector<Person> source_authors_;
  Ranks entry_ranks_;
  Ranks feed_ranks_;
  ImageChoice image_;
  PersonBuilder person_;
};

Step AtomReader::open(const Element& element) {
  if (contexts_.empty()) {
    return open_root(element);
  }
  if (contexts_.back() == Context::kPerson) {
    return person_.open(element);
  }
  const Rule* rule = rule_for(element);
  if (rule == nullptr) {
    return Step::kSkip;
  }
  rule_ = *rule;
  return begin(element);
}

Step AtomReader::open_root(const Element& root) {
  is_atom03_ = root.space == Space::kAtom03 || root.attributes.get("version") == "0.3";
  feed_.format = is_atom03_ ? "atom-0.3" : "atom-1.0";
  feed_.language = language_tag(draft_.position.language());
  return root.tag == Tag::kEntry ? begin_entry() : descend(Context::kFeed);
}

const Rule* AtomReader::rule_for(const Element& element) const {
  const bool is_own = element.space == Space::kNone || element.space == Space::kAtom03;
  const Space space = is_own ? Space::kAtom : element.space;
  const auto find = [&](const auto& rules) -> const Rule* {
    const auto* found =
        std::ranges::find_if(rules, [&](const Rule& rule) { return rule.tag == element.tag && rule.space == space; });
    return found == rules.end() ? nullptr : found;
  };
  switch (contexts_.back()) {
    case Context::kFeed:
      return find(kFeedRules);
    case Context::kEntry:
    case Context::kMediaGroup:
      return find(kEntryRules);
    case Context::kSource:
      return find(kSourceRules);
    case Context::kPerson:
      return nullptr;
  }
  return nullptr;
}

Step AtomReader::begin(const Element& element) {
  switch (rule_.field) {
    case Field::kEntry:
      return begin_entry();
    case Field::kSource:
      return descend(Context::kSource);
    case Field::kPersonParts:
      person_.start();
      return descend(Context::kPerson);
    case Field::kMediaGroup:
      return descend(Context::kMediaGroup);
    case Field::kMedia:
      read_media(element, draft_, image_, &entry_.attachments);
      return element.tag == Tag::kContent ? descend(Context::kMediaGroup) : Step::kSkip;
    case Field::kLink:
      read_link(element.attributes);
      return Step::kSkip;
    case Field::kCategory: {
      const std::string_view term = trimmed(element.attributes.get("term"));
      const std::string_view label = trimmed(element.attributes.get("label"));  // RFC 4287 §4.2.2.3: for people
      add_tag(in_entry_ ? entry_.tags : feed_.tags, label.empty() ? term : label);
      return Step::kSkip;
    }
    case Field::kTitle:
    case Field::kSummary:
    case Field::kContent:
      return begin_construct(element);
    case Field::kId:
    case Field::kPersonName:
    case Field::kPublished:
    case Field::kModified:
    case Field::kTag:
    case Field::kImage:
    case Field::kLanguage:
      return Step::kCapture;
  }
  return Step::kSkip;
}

Step AtomReader::begin_construct(const Element& element) {
  construct_ = element.space == Space::kContent
                   ? Construct{Form::kHtml, true}
                   : construct_of(element.attributes, is_atom03_, rule_.field == Field::kContent);
  if (rule_.field == Field::kContent) {
    if (const std::string_view src = element.attributes.get("src"); !src.empty()) {
      // RFC 4287 §4.1.3.2: the content lies elsewhere.
      const std::string_view type = trimmed(element.attributes.get("type"));
      std::string url = draft_.web_url(src);
      if (entry_.url.empty() && type.starts_with("text/html")) {
        entry_.url = url;
      }
      add_attachment(entry_.attachments, {std::move(url), std::string{type}, std::nullopt});
      return Step::kSkip;
    }
  }
  if (in_entry_ && entry_.language.empty()) {
    entry_.language = language_tag(draft_.position.language());
  }
  return construct_.form == Form::kXhtml || construct_.form == Form::kXml ? Step::kCaptureXhtml : Step::kCapture;
}

Step AtomReader::begin_entry() {
  if (!draft_.has_room()) {
    return Step::kEnough;
  }
  in_entry_ = true;
  entry_ = {};
  source_authors_.clear();
  entry_ranks_ = {};
  entry_.language = language_tag(draft_.position.language());
  return descend(Context::kEntry);
}

void AtomReader::end_entry() {
  in_entry_ = false;
  // RFC 4287 §4.2.1: an entry without author has its source's; then its feed's, which is filled in at the end.
  if (entry_.authors.empty()) {
    entry_.authors = std::move(source_authors_);
  }
  entry_.image = image_.take();
  feed_.entries.push_back(std::move(entry_));
}

void AtomReader::captured(const Capture& capture) {
  const std::string_view value = capture.value();
  if (contexts_.back() == Context::kPerson) {
    person_.captured(draft_, value);
    return;
  }
  if (value.empty()) {
    return;
  }
  switch (rule_.field) {
    case Field::kTitle:
    case Field::kSummary:
    case Field::kContent:
      set_text(capture);
      return;
    case Field::kId:
      entry_.id = value;
      return;
    case Field::kPersonName:
      set_person(parse_person(value));
      return;
    case Field::kPublished:
    case Field::kModified:
      set_date(value);
      return;
    case Field::kTag:
      add_tag(entry_.tags, value);
      return;
    case Field::kImage:
      if (outranks(rule_.rank, feed_ranks_.image)) {
        feed_.image = draft_.web_url(value);
      }
      return;
    case Field::kLanguage:
      (in_entry_ ? entry_.language : feed_.language) = language_tag(value);
      return;
    // Read from attributes or from children, never captured.
    case Field::kEntry:
    case Field::kLink:
    case Field::kPersonParts:
    case Field::kCategory:
    case Field::kMedia:
    case Field::kMediaGroup:
    case Field::kSource:
      return;
  }
}

void AtomReader::close() {
  const Context context = contexts_.back();
  contexts_.pop_back();
  if (context == Context::kPerson) {
    set_person(person_.take());
  } else if (context == Context::kEntry) {
    end_entry();
  }
}

void AtomReader::read_link(const Attributes& attributes) {
  std::string_view rel = trimmed(attributes.get("rel"));
  // RFC 4287 §4.2.7.2: a registered name and its IANA URI are the same relation.
  if (const std::size_t slash = rel.rfind('/'); rel.starts_with("http://www.iana.org/") && slash != rel.npos) {
    rel.remove_prefix(slash + 1);
  }
  if (rel.empty()) {
    rel = "alternate";
  }
  if (in_entry_) {
    read_entry_link(rel, attributes);
  } else {
    read_feed_link(rel, attributes);
  }
}

// A page for people before any other form of the same.
int rank_of_alternate(std::string_view type) {
  if (type.empty() || type.starts_with("text/html") || type.starts_with("application/xhtml")) {
    return 2;
  }
  return 1;
}

void AtomReader::read_feed_link(std::string_view rel, const Attributes& attributes) {
  const std::string_view href = attributes.get("href");
  if (rel == "alternate") {
    const int rank = rank_of_alternate(attributes.get("type"));
    if (rank > feed_ranks_.link) {
      feed_ranks_.link = rank;
      feed_.home_page_url = draft_.web_url(href);
    }
  } else if (rel == "self" && feed_.feed_url.empty()) {
    feed_.feed_url = draft_.web_url(href.empty() ? draft_.position.base() : href);
  } else if (rel == "hub") {
    add_tag(feed_.hub_urls, draft_.web_url(href));
  }
}

void AtomReader::read_entry_link(std::string_view rel, const Attributes& attributes) {
  const std::string_view href = attributes.get("href");
  if (rel == "alternate") {
    const int rank = rank_of_alternate(attributes.get("type"));
    if (rank > entry_ranks_.link) {
      entry_ranks_.link = rank;
      entry_.url = draft_.web_url(href);
    }
  } else if (rel == "enclosure") {
    add_attachment(entry_.attachments, read_attachment(attributes, draft_));
  } else if (rel == "related" && entry_.external_url.empty()) {
    entry_.external_url = draft_.quiet_url(href);
  }
}

void AtomReader::set_person(Person person) {
  if (!contexts_.empty() && contexts_.back() == Context::kSource) {
    add_person(source_authors_, std::move(person));
    return;
  }
  Ranks& ranks = in_entry_ ? entry_ranks_ : feed_ranks_;
  std::vector<Person>& people = in_entry_ ? entry_.authors : feed_.authors;
  if (rule_.rank > ranks.people) {
    people.clear();
  }
  if (outranks(rule_.rank, ranks.people)) {
    add_person(people, std::move(person));
  }
}

Text AtomReader::text_of(const Capture& capture) const {
  const bool is_html = construct_.is_html || capture.has_markup();
  if (construct_.form != Form::kBase64 || capture.has_markup()) {
    return draft_.text(capture.value(), is_html);
  }
  const auto bytes = decode_base64(capture.value());
  if (!bytes) {
    draft_.warnings.add("invalid-base64", draft_.position.line(), "a text said to be Base64 is taken as it is");
    return draft_.text(capture.value(), is_html);
  }
  // Pictures and the like are no text.
  return is_text(*bytes) ? draft_.text(trimmed(*bytes), is_html) : Text{};
}

void AtomReader::set_text(const Capture& capture) {
  Ranks& ranks = in_entry_ ? entry_ranks_ : feed_ranks_;
  if (rule_.field == Field::kTitle) {
    if (outranks(rule_.rank, ranks.title)) {
      (in_entry_ ? entry_.title : feed_.title) = text_of(capture);
    }
  } else if (rule_.field == Field::kSummary) {
    if (outranks(rule_.rank, ranks.summary)) {
      (in_entry_ ? entry_.summary : feed_.description) = text_of(capture);
    }
  } else if (outranks(rule_.rank, ranks.content)) {
    entry_.content = text_of(capture);
  }
}

void AtomReader::set_date(std::string_view value) {
  Ranks& ranks = in_entry_ ? entry_ranks_ : feed_ranks_;
  const auto time = draft_.date(value);
  if (!time) {
    return;
  }
  if (rule_.field == Field::kPublished) {
    if (outranks(rule_.rank, ranks.published)) {
      entry_.published = time;
    }
  } else if (outranks(rule_.rank, ranks.modified)) {
    (in_entry_ ? entry_.modified : feed_.updated) = time;
  }
}

}  // namespace

std::unique_ptr<FormatReader> make_atom_reader(Draft draft) {
  return std::make_unique<AtomReader>(draft);
}

}  // namespace dprkwatch::feed
