// Atom 1.0 (RFC 4287) and 0.3 (draft-ietf-atompub-format-00's forerunner, still published).

#include <algorithm>
#include <array>

#include "feed/base64.hpp"
#include "feed/builder.hpp"
#include "feed/encoding.hpp"

namespace dprkwatch::feed {
namespace {

enum class Field {
  kEntry,
  kTitle,
  kSummary,
  kContent,
  kId,
  kLink,
  kPerson,
  kPublished,
  kModified,
  kCategory,
  kTag,
  kLogo,
  kIcon,
  kMedia,
  kMediaGroup,
  kSource,
  kLanguage,
};

// kAtom stands for both versions.
using AtomRule = Rule<Field>;

constexpr std::array kFeedRules = {
    AtomRule{Space::kAtom, Tag::kEntry, Field::kEntry},
    AtomRule{Space::kAtom, Tag::kTitle, Field::kTitle, 2},
    AtomRule{Space::kDc, Tag::kTitle, Field::kTitle, 1},
    AtomRule{Space::kAtom, Tag::kSubtitle, Field::kSummary, 2},
    AtomRule{Space::kAtom, Tag::kTagline, Field::kSummary, 2},
    AtomRule{Space::kDc, Tag::kDescription, Field::kSummary, 1},
    AtomRule{Space::kAtom, Tag::kLink, Field::kLink, 1},
    AtomRule{Space::kAtom, Tag::kUpdated, Field::kModified, 2},
    AtomRule{Space::kAtom, Tag::kModified, Field::kModified, 2},
    AtomRule{Space::kDc, Tag::kDate, Field::kModified, 1},
    AtomRule{Space::kAtom, Tag::kAuthor, Field::kPerson, 2},
    AtomRule{Space::kDc, Tag::kCreator, Field::kPerson, 1},
    AtomRule{Space::kAtom, Tag::kCategory, Field::kCategory},
    AtomRule{Space::kDc, Tag::kSubject, Field::kTag},
    AtomRule{Space::kAtom, Tag::kLogo, Field::kLogo},
    AtomRule{Space::kAtom, Tag::kIcon, Field::kIcon},
    AtomRule{Space::kDc, Tag::kLanguage, Field::kLanguage, 1},
};

constexpr std::array kEntryRules = {
    AtomRule{Space::kAtom, Tag::kTitle, Field::kTitle, 3},
    AtomRule{Space::kDc, Tag::kTitle, Field::kTitle, 2},
    AtomRule{Space::kMedia, Tag::kTitle, Field::kTitle, 1},
    AtomRule{Space::kAtom, Tag::kSummary, Field::kSummary, 3},
    AtomRule{Space::kDc, Tag::kDescription, Field::kSummary, 2},
    AtomRule{Space::kMedia, Tag::kDescription, Field::kSummary, 1},
    AtomRule{Space::kAtom, Tag::kContent, Field::kContent, 2},
    AtomRule{Space::kContent, Tag::kEncoded, Field::kContent, 1},
    AtomRule{Space::kAtom, Tag::kId, Field::kId, 2},
    AtomRule{Space::kDc, Tag::kIdentifier, Field::kId, 1},
    AtomRule{Space::kAtom, Tag::kLink, Field::kLink, 1},
    AtomRule{Space::kAtom, Tag::kAuthor, Field::kPerson, 2},
    AtomRule{Space::kDc, Tag::kCreator, Field::kPerson, 1},
    AtomRule{Space::kAtom, Tag::kPublished, Field::kPublished, 3},
    AtomRule{Space::kAtom, Tag::kIssued, Field::kPublished, 3},
    AtomRule{Space::kAtom, Tag::kCreated, Field::kPublished, 2},
    AtomRule{Space::kDcterms, Tag::kIssued, Field::kPublished, 2},
    AtomRule{Space::kDc, Tag::kDate, Field::kPublished, 1},
    AtomRule{Space::kAtom, Tag::kUpdated, Field::kModified, 2},
    AtomRule{Space::kAtom, Tag::kModified, Field::kModified, 2},
    AtomRule{Space::kDcterms, Tag::kModified, Field::kModified, 1},
    AtomRule{Space::kAtom, Tag::kCategory, Field::kCategory},
    AtomRule{Space::kDc, Tag::kSubject, Field::kTag},
    AtomRule{Space::kMedia, Tag::kContent, Field::kMedia},
    AtomRule{Space::kMedia, Tag::kThumbnail, Field::kMedia},
    AtomRule{Space::kMedia, Tag::kGroup, Field::kMediaGroup},
    AtomRule{Space::kItunes, Tag::kImage, Field::kMedia},
    AtomRule{Space::kAtom, Tag::kSource, Field::kSource},
    AtomRule{Space::kDc, Tag::kLanguage, Field::kLanguage, 1},
};

constexpr std::array kSourceRules = {AtomRule{Space::kAtom, Tag::kAuthor, Field::kPerson, 2}};

// How a text construct is written down (RFC 4287 §3.1, §4.1.3; Atom 0.3 §3.1 adds "mode").
enum class Form { kText, kHtml, kXhtml, kXml, kBase64 };

struct Construct {
  Form form = Form::kText;
  bool is_html = false;
  bool is_literal = false;  // says of itself that it is plain text
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
    return {Form::kHtml, html || xhtml, type == "text/plain"};
  }
  if (xhtml) {
    return {Form::kXhtml, true};
  }
  if (html) {
    return {Form::kHtml, true};
  }
  if (type.empty() || type == "text" || type.starts_with("text/") || is_atom03) {
    return {Form::kText, false, type == "text" || type == "text/plain"};
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
  explicit AtomReader(Draft draft) : draft_{draft}, feed_{draft.feed}, builder_{draft} {}

  Step open(const Element& element) override;
  void captured(const Capture& capture) override;
  void close() override;
  void finish() override { builder_.finish(); }

 private:
  enum class Context { kFeed, kEntry, kSource, kMediaGroup };

  Step descend(Context context) {
    contexts_.push_back(context);
    return Step::kDescend;
  }
  Step open_root(const Element& root);
  Step begin(const Element& element);
  Step begin_construct(const Element& element);
  Step begin_entry();
  void end_entry();
  [[nodiscard]] const AtomRule* rule_for(const Element& element) const;
  void add_content_elsewhere(std::string_view src, std::string_view type);
  [[nodiscard]] Text text_of(const Capture& capture) const;

  Draft draft_;
  Feed& feed_;
  FeedBuilder builder_;
  std::vector<Context> contexts_;
  AtomRule rule_{};
  Construct construct_;
  bool is_atom03_ = false;
  std::vector<Person> source_authors_;
};

Step AtomReader::open(const Element& element) {
  if (contexts_.empty()) {
    return open_root(element);
  }
  const AtomRule* rule = rule_for(element);
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

const AtomRule* AtomReader::rule_for(const Element& element) const {
  const bool is_own = element.space == Space::kNone || element.space == Space::kAtom03;
  const Space space = is_own ? Space::kAtom : element.space;
  switch (contexts_.back()) {
    case Context::kFeed:
      return find_rule(kFeedRules, space, element.tag);
    case Context::kEntry:
    case Context::kMediaGroup:
      return find_rule(kEntryRules, space, element.tag);
    case Context::kSource:
      return find_rule(kSourceRules, space, element.tag);
  }
  return nullptr;
}

Step AtomReader::begin(const Element& element) {
  switch (rule_.field) {
    case Field::kEntry:
      return begin_entry();
    case Field::kSource:
      return descend(Context::kSource);
    case Field::kMediaGroup:
      return descend(Context::kMediaGroup);
    case Field::kMedia:
      builder_.add_media(element);
      return element.tag == Tag::kContent ? descend(Context::kMediaGroup) : Step::kSkip;
    case Field::kLink:
      builder_.add_link(element.attributes, rule_.rank);
      return Step::kSkip;
    case Field::kCategory: {
      const std::string_view term = trimmed(element.attributes.get("term"));
      const std::string_view label = trimmed(element.attributes.get("label"));  // RFC 4287 §4.2.2.3: for people
      builder_.add_category(label.empty() ? term : label);
      return Step::kSkip;
    }
    case Field::kTitle:
    case Field::kSummary:
    case Field::kContent:
      return begin_construct(element);
    case Field::kPerson:
      return Step::kCaptureXhtml;
    case Field::kId:
    case Field::kPublished:
    case Field::kModified:
    case Field::kTag:
    case Field::kLogo:
    case Field::kIcon:
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
      add_content_elsewhere(src, trimmed(element.attributes.get("type")));
      return Step::kSkip;
    }
  }
  if (builder_.is_in_entry() && builder_.entry().language.empty()) {
    builder_.entry().language = language_tag(draft_.position.language());
  }
  return construct_.form == Form::kXhtml || construct_.form == Form::kXml ? Step::kCaptureXhtml : Step::kCapture;
}

// RFC 4287 §4.1.3.2.
void AtomReader::add_content_elsewhere(std::string_view src, std::string_view type) {
  std::string url = draft_.web_url(src);
  if (builder_.entry().url.empty() && type.starts_with("text/html")) {
    builder_.entry().url = url;
  }
  add_attachment(builder_.entry().attachments, {std::move(url), std::string{type}, std::nullopt});
}

Step AtomReader::begin_entry() {
  source_authors_.clear();
  return builder_.begin_entry() ? descend(Context::kEntry) : Step::kEnough;
}

// RFC 4287 §4.2.1: an entry without author has its source's; then its feed's, which is filled in at the end.
void AtomReader::end_entry() {
  if (builder_.entry().authors.empty()) {
    builder_.entry().authors = std::move(source_authors_);
  }
  builder_.end_entry();
}

void AtomReader::captured(const Capture& capture) {
  const std::string_view value = capture.value();
  if (value.empty()) {
    return;
  }
  switch (rule_.field) {
    case Field::kTitle:
      builder_.set_title(text_of(capture), rule_.rank);
      return;
    case Field::kSummary:
      builder_.set_summary(text_of(capture), rule_.rank);
      return;
    case Field::kContent:
      builder_.set_content(text_of(capture), rule_.rank);
      return;
    case Field::kId:
      builder_.set_id(value, rule_.rank);
      return;
    case Field::kPerson:
      if (contexts_.back() == Context::kSource) {
        add_person(source_authors_, read_person(value, draft_));
      } else {
        builder_.add_author(read_person(value, draft_), rule_.rank);
      }
      return;
    case Field::kPublished:
      builder_.set_published(value, rule_.rank);
      return;
    case Field::kModified:
      builder_.set_modified(value, rule_.rank);
      return;
    case Field::kTag:
      builder_.add_category(value);
      return;
    case Field::kLogo:
      builder_.offer_image(ImageChoice::kNamed, value);
      return;
    case Field::kIcon:
      builder_.offer_image(ImageChoice::kMedia, value);
      return;
    case Field::kLanguage:
      builder_.set_language(value, rule_.rank);
      return;
    // Read from attributes or from children, never captured.
    case Field::kEntry:
    case Field::kLink:
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
  if (context == Context::kEntry) {
    end_entry();
  }
}

Text AtomReader::text_of(const Capture& capture) const {
  const bool is_html = construct_.is_html || capture.has_markup();
  if (construct_.is_literal && !is_html) {
    return draft_.plain_text(capture.value());
  }
  if (construct_.form != Form::kBase64 || capture.has_markup()) {
    return draft_.text(capture.value(), is_html, capture.is_xhtml());
  }
  const auto bytes = decode_base64(capture.value());
  if (!bytes) {
    draft_.warnings.add("invalid-base64", draft_.position.line(), "a text said to be Base64 is taken as it is");
    return draft_.text(capture.value(), is_html);
  }
  // Pictures and the like are no text.
  return is_text(*bytes) ? draft_.text(trimmed(*bytes), is_html) : Text{};
}

}  // namespace

std::unique_ptr<FormatReader> make_atom_reader(Draft draft) {
  return std::make_unique<AtomReader>(draft);
}

}  // namespace dprkwatch::feed
