// RSS 0.90, 0.91, 0.92, 1.0 (RDF) and 2.0, with the modules that publishers mix in; and CDF, whose shape is the same.
// https://www.rssboard.org/rss-specification, https://web.resource.org/rss/1.0/spec

#include <algorithm>
#include <array>

#include "feed/media.hpp"
#include "feed/person.hpp"
#include "feed/url.hpp"
#include "feed/xml_format.hpp"

namespace dprkwatch::feed {
namespace {

// What an element is to a channel or an item. Several elements give the same field; ranks decide (Draft, outranks).
enum class Field {
  kTitle,
  kLink,
  kSummary,
  kContent,
  kXhtmlContent,
  kPerson,
  kPersonParts,
  kPublished,
  kModified,
  kGuid,
  kIdentifier,
  kTag,
  kTagList,
  kTagAttribute,
  kLanguage,
  kEnclosure,
  kMedia,
  kMediaGroup,
  kAtomLink,
  kImage,
  kImageUrl,
  kTtl,
  kUpdatePeriod,
  kUpdateFrequency,
  kSkipHours,
  kHour,
  kSkipDays,
  kDay,
  kItem,
};

struct Rule {
  Space space;  // kRss stands for the document's own vocabulary
  Tag tag;
  Field field;
  int rank = 0;
};

constexpr std::array kChannelRules = {
    Rule{Space::kRss, Tag::kItem, Field::kItem},
    Rule{Space::kRss, Tag::kTitle, Field::kTitle, 3},
    Rule{Space::kDc, Tag::kTitle, Field::kTitle, 2},
    Rule{Space::kAtom, Tag::kTitle, Field::kTitle, 1},
    Rule{Space::kRss, Tag::kLink, Field::kLink, 3},
    Rule{Space::kAtom, Tag::kLink, Field::kAtomLink, 2},
    Rule{Space::kAtom03, Tag::kLink, Field::kAtomLink, 2},
    Rule{Space::kRss, Tag::kDescription, Field::kSummary, 4},
    Rule{Space::kRss, Tag::kAbstract, Field::kSummary, 4},
    Rule{Space::kDc, Tag::kDescription, Field::kSummary, 3},
    Rule{Space::kAtom, Tag::kSubtitle, Field::kSummary, 3},
    Rule{Space::kItunes, Tag::kSummary, Field::kSummary, 2},
    Rule{Space::kRss, Tag::kLanguage, Field::kLanguage, 2},
    Rule{Space::kDc, Tag::kLanguage, Field::kLanguage, 1},
    Rule{Space::kRss, Tag::kLastBuildDate, Field::kModified, 5},
    Rule{Space::kAtom, Tag::kUpdated, Field::kModified, 4},
    Rule{Space::kDcterms, Tag::kModified, Field::kModified, 4},
    Rule{Space::kRss, Tag::kPubDate, Field::kModified, 3},
    Rule{Space::kDc, Tag::kDate, Field::kModified, 2},
    Rule{Space::kRss, Tag::kManagingEditor, Field::kPerson, 5},
    Rule{Space::kRss, Tag::kWebMaster, Field::kPerson, 4},
    Rule{Space::kAtom, Tag::kAuthor, Field::kPersonParts, 4},
    Rule{Space::kDc, Tag::kAuthor, Field::kPerson, 3},
    Rule{Space::kDc, Tag::kCreator, Field::kPerson, 3},
    Rule{Space::kItunes, Tag::kAuthor, Field::kPerson, 2},
    Rule{Space::kRss, Tag::kCategory, Field::kTag},
    Rule{Space::kDc, Tag::kSubject, Field::kTag},
    Rule{Space::kItunes, Tag::kCategory, Field::kTagAttribute},
    Rule{Space::kAtom, Tag::kCategory, Field::kTagAttribute},
    Rule{Space::kItunes, Tag::kKeywords, Field::kTagList},
    Rule{Space::kRss, Tag::kImage, Field::kImage},
    Rule{Space::kItunes, Tag::kImage, Field::kMedia},
    Rule{Space::kMedia, Tag::kThumbnail, Field::kMedia},
    Rule{Space::kMedia, Tag::kContent, Field::kMedia},
    Rule{Space::kRss, Tag::kTtl, Field::kTtl, 2},
    Rule{Space::kSy, Tag::kUpdatePeriod, Field::kUpdatePeriod},
    Rule{Space::kSy, Tag::kUpdateFrequency, Field::kUpdateFrequency},
    Rule{Space::kRss, Tag::kSkipHours, Field::kSkipHours},
    Rule{Space::kRss, Tag::kSkipDays, Field::kSkipDays},
};

constexpr std::array kItemRules = {
    Rule{Space::kRss, Tag::kTitle, Field::kTitle, 4},
    Rule{Space::kDc, Tag::kTitle, Field::kTitle, 3},
    Rule{Space::kAtom, Tag::kTitle, Field::kTitle, 2},
    Rule{Space::kMedia, Tag::kTitle, Field::kTitle, 1},
    Rule{Space::kItunes, Tag::kTitle, Field::kTitle, 1},
    Rule{Space::kRss, Tag::kLink, Field::kLink, 4},
    Rule{Space::kAtom, Tag::kLink, Field::kAtomLink, 3},
    Rule{Space::kAtom03, Tag::kLink, Field::kAtomLink, 3},
    Rule{Space::kRss, Tag::kDescription, Field::kSummary, 6},
    Rule{Space::kRss, Tag::kAbstract, Field::kSummary, 6},
    Rule{Space::kAtom, Tag::kSummary, Field::kSummary, 5},
    Rule{Space::kDc, Tag::kDescription, Field::kSummary, 4},
    Rule{Space::kDcterms, Tag::kDescription, Field::kSummary, 4},
    Rule{Space::kItunes, Tag::kSummary, Field::kSummary, 3},
    Rule{Space::kItunes, Tag::kSubtitle, Field::kSummary, 2},
    Rule{Space::kMedia, Tag::kDescription, Field::kSummary, 1},
    Rule{Space::kContent, Tag::kEncoded, Field::kContent, 3},
    Rule{Space::kXhtml, Tag::kBody, Field::kXhtmlContent, 2},
    Rule{Space::kXhtml, Tag::kDiv, Field::kXhtmlContent, 2},
    Rule{Space::kAtom, Tag::kContent, Field::kContent, 2},
    Rule{Space::kRss, Tag::kContent, Field::kContent, 1},
    Rule{Space::kRss, Tag::kAuthor, Field::kPerson, 5},
    Rule{Space::kAtom, Tag::kAuthor, Field::kPersonParts, 4},
    Rule{Space::kDc, Tag::kAuthor, Field::kPerson, 3},
    Rule{Space::kDc, Tag::kCreator, Field::kPerson, 3},
    Rule{Space::kDcterms, Tag::kCreator, Field::kPerson, 3},
    Rule{Space::kItunes, Tag::kAuthor, Field::kPerson, 2},
    Rule{Space::kRss, Tag::kPubDate, Field::kPublished, 5},
    Rule{Space::kAtom, Tag::kPublished, Field::kPublished, 4},
    Rule{Space::kDcterms, Tag::kIssued, Field::kPublished, 4},
    Rule{Space::kDc, Tag::kDate, Field::kPublished, 3},
    Rule{Space::kDcterms, Tag::kDate, Field::kPublished, 3},
    Rule{Space::kDcterms, Tag::kAvailable, Field::kPublished, 2},
    Rule{Space::kDcterms, Tag::kCreated, Field::kPublished, 2},
    Rule{Space::kAtom, Tag::kUpdated, Field::kModified, 2},
    Rule{Space::kDcterms, Tag::kModified, Field::kModified, 2},
    Rule{Space::kRss, Tag::kGuid, Field::kGuid, 4},
    Rule{Space::kAtom, Tag::kId, Field::kIdentifier, 3},
    Rule{Space::kDc, Tag::kIdentifier, Field::kIdentifier, 1},
    Rule{Space::kRss, Tag::kCategory, Field::kTag},
    Rule{Space::kDc, Tag::kSubject, Field::kTag},
    Rule{Space::kDcterms, Tag::kSubject, Field::kTag},
    Rule{Space::kMedia, Tag::kCategory, Field::kTag},
    Rule{Space::kAtom, Tag::kCategory, Field::kTagAttribute},
    Rule{Space::kItunes, Tag::kKeywords, Field::kTagList},
    Rule{Space::kMedia, Tag::kKeywords, Field::kTagList},
    Rule{Space::kDc, Tag::kLanguage, Field::kLanguage, 1},
    Rule{Space::kDcterms, Tag::kLanguage, Field::kLanguage, 1},
    Rule{Space::kRss, Tag::kLanguage, Field::kLanguage, 2},
    Rule{Space::kRss, Tag::kEnclosure, Field::kEnclosure},
    Rule{Space::kMedia, Tag::kContent, Field::kMedia},
    Rule{Space::kMedia, Tag::kThumbnail, Field::kMedia},
    Rule{Space::kMedia, Tag::kGroup, Field::kMediaGroup},
    Rule{Space::kItunes, Tag::kImage, Field::kMedia},
    Rule{Space::kRss, Tag::kImage, Field::kImage},
    // An item inside an item: the end tag of the first is missing in a way that is still well-formed.
    Rule{Space::kRss, Tag::kItem, Field::kItem},
};

constexpr std::array kImageRules = {Rule{Space::kRss, Tag::kUrl, Field::kImageUrl}};
constexpr std::array kHourRules = {Rule{Space::kRss, Tag::kHour, Field::kHour}};
constexpr std::array kDayRules = {Rule{Space::kRss, Tag::kDay, Field::kDay}};

// Which rank each field of the present channel or item was last given by.
struct Ranks {
  int title = 0;
  int link = 0;
  int summary = 0;
  int content = 0;
  int people = 0;
  int published = 0;
  int modified = 0;
  int id = 0;
  int language = 0;
  int ttl = 0;
};

class RssReader final : public FormatReader {
 public:
  explicit RssReader(Draft draft) : draft_{draft}, feed_{draft.feed} {}

  Step open(const Element& element) override;
  void captured(const Capture& capture) override;
  void close() override;
  void finish() override;

 private:
  enum class Context { kRoot, kChannel, kItem, kImage, kSkipHours, kSkipDays, kPerson, kMediaGroup, kTags };

  Step open_root(const Element& root);
  Step open_in_root(const Element& element);
  Step open_field(const Element& element);
  Step begin(const Element& element);
  Step descend(Context context) {
    contexts_.push_back(context);
    return Step::kDescend;
  }
  [[nodiscard]] const Rule* rule_for(const Element& element) const;
  [[nodiscard]] Space own_space(const Element& element) const;
  Step begin_item(const Element& element);
  void end_item();
  void read_atom_link(const Attributes& attributes);
  void set_link(std::string_view reference, int rank);
  void set_person(Person person);
  void set_published(std::string_view value);
  void set_modified(std::string_view value);
  void set_content(const Capture& capture);
  void set_skip(std::string_view value);
  void set_ttl(std::string_view value);

  Draft draft_;
  Feed& feed_;
  std::vector<Context> contexts_;
  Space root_space_ = Space::kNone;
  Rule rule_{};  // of the field that is being captured
  bool in_item_ = false;
  Entry entry_;
  Ranks item_ranks_;
  Ranks channel_ranks_;
  ImageChoice item_image_;
  ImageChoice channel_image_;
  PersonBuilder person_;
  std::string pending_link_;  // href of the link that is being captured
  bool guid_is_link_ = true;
  bool is_html_ = false;  // what atom:content says of itself
  std::string guid_url_;
  std::string update_period_;
  std::uint64_t update_frequency_ = 1;
};

Step RssReader::open(const Element& element) {
  if (contexts_.empty()) {
    return open_root(element);
  }
  if (contexts_.back() == Context::kPerson) {
    return person_.open(element);
  }
  if (contexts_.back() == Context::kTags) {
    add_tag(feed_.tags, element.attributes.get("text"));
    return descend(Context::kTags);
  }
  return contexts_.back() == Context::kRoot ? open_in_root(element) : open_field(element);
}

Step RssReader::open_root(const Element& root) {
  root_space_ = root.space;
  feed_.language = language_tag(draft_.position.language());
  if (root.tag == Tag::kRss) {
    const std::string_view version = trimmed(root.attributes.get("version"));
    const bool is_plain =
        !version.empty() && version.size() <= 8 && version.find_first_not_of("0123456789.") == std::string_view::npos;
    feed_.format = is_plain ? "rss-" + std::string{version} : "rss";
    return descend(Context::kRoot);
  }
  if (root.tag == Tag::kRdf) {
    feed_.format = "rss-1.0";
    for (std::size_t i = 0; i < root.attributes.size(); ++i) {
      if (root.attributes.at(i).value.find("/rdf/simple/0.9") != std::string_view::npos) {
        feed_.format = "rss-0.90";
      }
    }
    return descend(Context::kRoot);
  }
  // A channel without a root is CDF when it has CDF's attributes, else RSS that lost its frame.
  const std::string_view href = root.attributes.get("href");
  feed_.format = href.empty() && root.attributes.get("base").empty() ? "rss" : "cdf";
  feed_.home_page_url = draft_.web_url(href);
  feed_.updated = draft_.date(root.attributes.get("lastmod"));
  return descend(Context::kChannel);
}

// RSS 1.0 puts items and image beside the channel; some RSS 2.0 does too.
Step RssReader::open_in_root(const Element& element) {
  if (element.tag == Tag::kChannel) {
    if (channel_ranks_.language == 0) {
      feed_.language = language_tag(draft_.position.language());
    }
    return descend(Context::kChannel);
  }
  const bool is_known = element.tag == Tag::kItem || element.tag == Tag::kImage;
  return is_known ? open_field(element) : Step::kSkip;
}

Space RssReader::own_space(const Element& element) const {
  const bool is_own =
      element.space == Space::kNone || (element.space == root_space_ && element.name.size() == element.local.size());
  return is_own ? Space::kRss : element.space;
}

const Rule* RssReader::rule_for(const Element& element) const {
  const auto find = [&](const auto& rules) -> const Rule* {
    const Space space = own_space(element);
    const auto* found =
        std::ranges::find_if(rules, [&](const Rule& rule) { return rule.tag == element.tag && rule.space == space; });
    return found == rules.end() ? nullptr : found;
  };
  if (element.tag == Tag::kUnknown) {
    return nullptr;
  }
  switch (contexts_.back()) {
    case Context::kRoot:
    case Context::kChannel:
      return find(kChannelRules);
    case Context::kItem:
    case Context::kMediaGroup:
      return find(kItemRules);
    case Context::kImage:
      return find(kImageRules);
    case Context::kSkipHours:
      return find(kHourRules);
    case Context::kSkipDays:
      return find(kDayRules);
    case Context::kPerson:
    case Context::kTags:
      return nullptr;
  }
  return nullptr;
}

Step RssReader::open_field(const Element& element) {
  const Rule* rule = rule_for(element);
  if (rule == nullptr) {
    return Step::kSkip;
  }
  rule_ = *rule;
  return begin(element);
}

Step RssReader::begin(const Element& element) {
  switch (rule_.field) {
    case Field::kItem:
      return begin_item(element);
    case Field::kPersonParts:
      person_.start();
      return descend(Context::kPerson);
    case Field::kMediaGroup:
      return descend(Context::kMediaGroup);
    case Field::kMedia:
      read_media(element, draft_, in_item_ ? item_image_ : channel_image_, in_item_ ? &entry_.attachments : nullptr);
      // media:content holds titles and thumbnails of its own.
      return element.tag == Tag::kContent && in_item_ ? descend(Context::kMediaGroup) : Step::kSkip;
    case Field::kImage:
      return descend(Context::kImage);
    case Field::kSkipHours:
      return descend(Context::kSkipHours);
    case Field::kSkipDays:
      return descend(Context::kSkipDays);
    case Field::kAtomLink:
      read_atom_link(element.attributes);
      return Step::kSkip;
    case Field::kTagAttribute: {
      const std::string_view term = element.attributes.get("term");
      add_tag(in_item_ ? entry_.tags : feed_.tags, term.empty() ? element.attributes.get("text") : term);
      return in_item_ ? Step::kSkip : descend(Context::kTags);
    }
    case Field::kEnclosure: {
      Attachment file = read_attachment(element.attributes, draft_);
      if (file.mime_type.starts_with("image/")) {
        item_image_.offer(ImageChoice::kAttached, file.url);
      }
      add_attachment(entry_.attachments, std::move(file));
      return Step::kSkip;
    }
    case Field::kLink:
      // A link with rel is Atom's, whatever its namespace.
      if (const std::string_view rel = element.attributes.get("rel"); !rel.empty() && rel != "alternate") {
        read_atom_link(element.attributes);
        return Step::kSkip;
      }
      pending_link_ = element.attributes.get("href");
      return Step::kCapture;
    case Field::kGuid:
      guid_is_link_ = !equals_ignoring_case(trimmed(element.attributes.get("isPermaLink")), "false");
      return Step::kCapture;
    case Field::kContent:
    case Field::kSummary:
    case Field::kTitle: {
      const std::string_view type = element.attributes.get("type");
      is_html_ = element.space == Space::kContent || type == "html" || type == "xhtml" || type == "text/html";
      return type == "xhtml" ? Step::kCaptureXhtml : Step::kCapture;
    }
    case Field::kXhtmlContent:
      is_html_ = true;
      return Step::kCaptureXhtml;
    case Field::kPerson:
    case Field::kPublished:
    case Field::kModified:
    case Field::kIdentifier:
    case Field::kTag:
    case Field::kTagList:
    case Field::kLanguage:
    case Field::kImageUrl:
    case Field::kTtl:
    case Field::kUpdatePeriod:
    case Field::kUpdateFrequency:
    case Field::kHour:
    case Field::kDay:
      return Step::kCapture;
  }
  return Step::kSkip;
}

void RssReader::captured(const Capture& capture) {
  const std::string_view value = capture.value();
  if (!contexts_.empty() && contexts_.back() == Context::kPerson) {
    person_.captured(draft_, value);
    return;
  }
  if (rule_.field == Field::kLink) {
    set_link(value.empty() ? std::string_view{pending_link_} : value, rule_.rank);
    return;
  }
  if (value.empty()) {
    return;
  }
  Ranks& ranks = in_item_ ? item_ranks_ : channel_ranks_;
  switch (rule_.field) {
    case Field::kTitle:
      if (outranks(rule_.rank, ranks.title)) {
        (in_item_ ? entry_.title : feed_.title) =
            draft_.text(value, is_html_ || capture.has_markup() || looks_like_html(value));
      }
      return;
    case Field::kSummary:
      if (outranks(rule_.rank, ranks.summary)) {
        (in_item_ ? entry_.summary : feed_.description) =
            draft_.text(value, is_html_ || capture.has_markup() || looks_like_html(value));
      }
      return;
    case Field::kContent:
    case Field::kXhtmlContent:
      set_content(capture);
      return;
    case Field::kPerson:
      set_person(parse_person(value));
      return;
    case Field::kPublished:
      set_published(value);
      return;
    case Field::kModified:
      set_modified(value);
      return;
    case Field::kGuid:
      if (outranks(rule_.rank, ranks.id)) {
        entry_.id = value;
        guid_url_ = guid_is_link_ && is_web_url(value) ? draft_.web_url(value) : std::string{};
      }
      return;
    case Field::kIdentifier:
      if (outranks(rule_.rank, ranks.id)) {
        entry_.id = value;
      }
      return;
    case Field::kTag:
      add_tag(in_item_ ? entry_.tags : feed_.tags, value);
      return;
    case Field::kTagList:
      add_tag_list(in_item_ ? entry_.tags : feed_.tags, value);
      return;
    case Field::kLanguage:
      if (outranks(rule_.rank, ranks.language)) {
        (in_item_ ? entry_.language : feed_.language) = language_tag(value);
      }
      return;
    case Field::kImageUrl:
      (in_item_ ? item_image_ : channel_image_).offer(ImageChoice::kNamed, draft_.web_url(value));
      return;
    case Field::kTtl:
    case Field::kUpdatePeriod:
    case Field::kUpdateFrequency:
      set_ttl(value);
      return;
    case Field::kHour:
    case Field::kDay:
      set_skip(value);
      return;
    // Read from attributes or from children, never captured.
    case Field::kLink:
    case Field::kPersonParts:
    case Field::kTagAttribute:
    case Field::kEnclosure:
    case Field::kMedia:
    case Field::kMediaGroup:
    case Field::kAtomLink:
    case Field::kImage:
    case Field::kSkipHours:
    case Field::kSkipDays:
    case Field::kItem:
      return;
  }
}

void RssReader::close() {
  const Context context = contexts_.back();
  contexts_.pop_back();
  if (context == Context::kPerson) {
    set_person(person_.take());
  } else if (context == Context::kItem) {
    end_item();
  }
}

Step RssReader::begin_item(const Element& element) {
  if (in_item_) {
    end_item();
  }
  if (!draft_.has_room()) {
    return Step::kEnough;
  }
  in_item_ = true;
  entry_ = {};
  item_ranks_ = {};
  guid_url_.clear();
  entry_.language = language_tag(draft_.position.language());
  if (const std::string_view about = element.attributes.get("about"); !about.empty()) {
    entry_.id = trimmed(about);  // RSS 1.0 §5.5: the item's URI; its link is an element of its own
  }
  if (const std::string_view href = element.attributes.get("href"); !href.empty()) {
    entry_.url = draft_.web_url(href);  // CDF
    entry_.modified = draft_.date(element.attributes.get("lastmod"));
  }
  return descend(Context::kItem);
}

void RssReader::end_item() {
  if (!in_item_) {
    return;
  }
  in_item_ = false;
  if (entry_.url.empty()) {
    entry_.url = std::move(guid_url_);
  }
  entry_.image = item_image_.take();
  feed_.entries.push_back(std::move(entry_));
}

void RssReader::read_atom_link(const Attributes& attributes) {
  const std::string_view rel = attributes.get("rel");
  const std::string_view href = attributes.get("href");
  if (rel.empty() || rel == "alternate") {
    set_link(href, rule_.rank);
  } else if (in_item_) {
    if (rel == "enclosure") {
      add_attachment(entry_.attachments, read_attachment(attributes, draft_));
    } else if (rel == "related" && entry_.external_url.empty()) {
      entry_.external_url = draft_.quiet_url(href);
    }
  } else if (rel == "self" && feed_.feed_url.empty()) {
    feed_.feed_url = draft_.web_url(href);
  } else if (rel == "hub") {
    add_tag(feed_.hub_urls, draft_.web_url(href));
  }
}

void RssReader::set_link(std::string_view reference, int rank) {
  std::string url = draft_.web_url(reference);
  if (!url.empty() && outranks(rank, (in_item_ ? item_ranks_ : channel_ranks_).link)) {
    (in_item_ ? entry_.url : feed_.home_page_url) = std::move(url);
  }
}

void RssReader::set_person(Person person) {
  Ranks& ranks = in_item_ ? item_ranks_ : channel_ranks_;
  std::vector<Person>& people = in_item_ ? entry_.authors : feed_.authors;
  const int rank = rule_.rank;
  if (rank > ranks.people) {
    people.clear();
  }
  if (outranks(rank, ranks.people)) {
    add_person(people, std::move(person));
  }
}

void RssReader::set_published(std::string_view value) {
  if (const auto time = draft_.date(value); time && outranks(rule_.rank, item_ranks_.published)) {
    entry_.published = time;
  }
}

void RssReader::set_modified(std::string_view value) {
  Ranks& ranks = in_item_ ? item_ranks_ : channel_ranks_;
  if (const auto time = draft_.date(value); time && outranks(rule_.rank, ranks.modified)) {
    (in_item_ ? entry_.modified : feed_.updated) = time;
  }
}

void RssReader::set_content(const Capture& capture) {
  if (in_item_ && outranks(rule_.rank, item_ranks_.content)) {
    const std::string_view value = capture.value();
    entry_.content = draft_.text(value, is_html_ || capture.has_markup() || looks_like_html(value));
  }
}

void RssReader::set_skip(std::string_view value) {
  if (rule_.field == Field::kHour) {
    // RSS 0.91 counts 1..24, 2.0 counts 0..23.
    const auto hour = parse_number(value);
    if (hour && *hour <= 24 && feed_.skip_hours.size() < 24) {
      feed_.skip_hours.push_back(static_cast<int>(*hour % 24));
    }
  } else if (feed_.skip_days.size() < 7) {
    for (const std::string_view day : {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}) {
      if (equals_ignoring_case(day, value) || equals_ignoring_case(day.substr(0, 3), value)) {
        add_tag(feed_.skip_days, day);
      }
    }
  }
}

void RssReader::set_ttl(std::string_view value) {
  constexpr std::uint64_t kMaxMinutes = 525'600;  // a year
  const auto number = parse_number(value);
  if (rule_.field == Field::kUpdatePeriod) {
    update_period_ = value;
  } else if (rule_.field == Field::kUpdateFrequency) {
    update_frequency_ = number && *number > 0 ? *number : 1;
  } else if (number && *number > 0 && *number <= kMaxMinutes) {
    feed_.ttl_seconds = static_cast<std::int64_t>(*number * 60);
  }
}

void RssReader::finish() {
  // https://web.resource.org/rss/1.0/modules/syndication/
  struct Period {
    std::string_view name;
    std::uint64_t seconds;
  };
  constexpr std::array kPeriods = {Period{"hourly", 3600}, Period{"daily", 86'400}, Period{"weekly", 604'800},
                                   Period{"monthly", 2'592'000}, Period{"yearly", 31'536'000}};
  if (!feed_.ttl_seconds) {
    const auto* period = std::ranges::find_if(
        kPeriods, [&](const Period& known) { return equals_ignoring_case(known.name, update_period_); });
    if (period != kPeriods.end() && update_frequency_ <= period->seconds) {
      feed_.ttl_seconds = static_cast<std::int64_t>(period->seconds / update_frequency_);
    }
  }
  feed_.image = channel_image_.take();
}

}  // namespace

std::unique_ptr<FormatReader> make_rss_reader(Draft draft) {
  return std::make_unique<RssReader>(draft);
}

}  // namespace dprkwatch::feed
