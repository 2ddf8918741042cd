// RSS 0.90, 0.91, 0.92, 1.0 (RDF) and 2.0, with the modules that publishers mix in; and CDF, whose shape is the same.
// https://www.rssboard.org/rss-specification, https://web.resource.org/rss/1.0/spec

#include <algorithm>
#include <array>

#include "feed/builder.hpp"
#include "feed/markup.hpp"
#include "feed/rss_rules.hpp"
#include "feed/url.hpp"

namespace dprkwatch::feed {
namespace {

using Field = RssField;

class RssReader final : public FormatReader {
 public:
  explicit RssReader(Draft draft) : draft_{draft}, feed_{draft.feed}, builder_{draft} {}

  Step open(const Element& element) override;
  void captured(const Capture& capture) override;
  void close() override;
  void finish() override;

 private:
  enum class Context { kRoot, kChannel, kItem, kImage, kSkipHours, kSkipDays, kMediaGroup, kTags };

  Step open_root(const Element& root);
  Step open_in_root(const Element& element);
  Step open_field(const Element& element);
  Step begin(const Element& element);
  Step begin_link(const Element& element);
  Step begin_text(const Element& element);
  Step begin_tag(const Element& element);
  Step descend(Context context) {
    contexts_.push_back(context);
    return Step::kDescend;
  }
  [[nodiscard]] const RssRule* rule_for(const Element& element) const;
  [[nodiscard]] Space own_space(const Element& element) const;
  Step begin_item(const Element& element);
  void end_item();
  void set_guid(std::string_view value);
  [[nodiscard]] Text text_of(const Capture& capture) const;
  void set_skip(std::string_view value);
  void set_ttl(std::string_view value);

  Draft draft_;
  Feed& feed_;
  FeedBuilder builder_;
  std::vector<Context> contexts_;
  Space root_space_ = Space::kNone;
  RssRule rule_{};            // of the field that is being captured
  std::string pending_link_;  // href of the link that is being captured
  bool guid_is_link_ = true;
  bool is_html_ = false;  // what the text that is being captured says of itself
  std::string guid_url_;
  std::string update_period_;
  std::uint64_t update_frequency_ = 1;
  bool has_own_language_ = false;
};

Step RssReader::open(const Element& element) {
  if (contexts_.empty()) {
    return open_root(element);
  }
  if (contexts_.back() == Context::kTags) {
    builder_.add_category(element.attributes.get("text"));
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
    if (!has_own_language_) {
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
  return is_own ? Space::kRss : element.space == Space::kAtom03 ? Space::kAtom : element.space;
}

const RssRule* RssReader::rule_for(const Element& element) const {
  if (element.tag == Tag::kUnknown) {
    return nullptr;
  }
  const Space space = own_space(element);
  switch (contexts_.back()) {
    case Context::kRoot:
    case Context::kChannel:
      return find_rule(kRssChannelRules, space, element.tag);
    case Context::kItem:
    case Context::kMediaGroup:
      return find_rule(kRssItemRules, space, element.tag);
    case Context::kImage:
      return find_rule(kRssImageRules, space, element.tag);
    case Context::kSkipHours:
      return find_rule(kRssHourRules, space, element.tag);
    case Context::kSkipDays:
      return find_rule(kRssDayRules, space, element.tag);
    case Context::kTags:
      return nullptr;
  }
  return nullptr;
}

Step RssReader::open_field(const Element& element) {
  const RssRule* rule = rule_for(element);
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
    case Field::kMediaGroup:
      return descend(Context::kMediaGroup);
    case Field::kMedia:
      builder_.add_media(element);
      // media:content holds titles and thumbnails of its own.
      return element.tag == Tag::kContent && builder_.is_in_entry() ? descend(Context::kMediaGroup) : Step::kSkip;
    case Field::kImage:
      return descend(Context::kImage);
    case Field::kSkipHours:
      return descend(Context::kSkipHours);
    case Field::kSkipDays:
      return descend(Context::kSkipDays);
    case Field::kAtomLink:
      builder_.add_link(element.attributes, rule_.rank);
      return Step::kSkip;
    case Field::kTagAttribute:
      return begin_tag(element);
    case Field::kEnclosure:
      builder_.add_enclosure(element.attributes);
      return Step::kSkip;
    case Field::kLink:
      return begin_link(element);
    case Field::kGuid:
      guid_is_link_ = !equals_ignoring_case(trimmed(element.attributes.get("isPermaLink")), "false");
      return Step::kCapture;
    case Field::kContent:
    case Field::kSummary:
    case Field::kTitle:
      return begin_text(element);
    case Field::kXhtmlContent:
      is_html_ = true;
      return Step::kCaptureXhtml;
    case Field::kPerson:
      return Step::kCaptureXhtml;
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

// A link with rel is Atom's, whatever its namespace.
Step RssReader::begin_link(const Element& element) {
  if (const std::string_view rel = element.attributes.get("rel"); !rel.empty() && rel != "alternate") {
    builder_.add_link(element.attributes, rule_.rank);
    return Step::kSkip;
  }
  pending_link_ = element.attributes.get("href");
  return Step::kCapture;
}

Step RssReader::begin_text(const Element& element) {
  const std::string_view type = element.attributes.get("type");
  is_html_ = element.space == Space::kContent || type == "html" || type == "xhtml" || type == "text/html";
  return type == "xhtml" ? Step::kCaptureXhtml : Step::kCapture;
}

// Categories of Atom and iTunes; the latter hold others.
Step RssReader::begin_tag(const Element& element) {
  const std::string_view term = element.attributes.get("term");
  builder_.add_category(term.empty() ? element.attributes.get("text") : term);
  return builder_.is_in_entry() ? Step::kSkip : descend(Context::kTags);
}

void RssReader::captured(const Capture& capture) {
  const std::string_view value = capture.value();
  if (rule_.field == Field::kLink) {
    builder_.set_link(value.empty() ? std::string_view{pending_link_} : value, rule_.rank);
    return;
  }
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
    case Field::kXhtmlContent:
      builder_.set_content(text_of(capture), rule_.rank);
      return;
    case Field::kPerson:
      builder_.add_author(read_person(value, draft_), rule_.rank);
      return;
    case Field::kPublished:
      builder_.set_published(value, rule_.rank);
      return;
    case Field::kModified:
      builder_.set_modified(value, rule_.rank);
      return;
    case Field::kGuid:
      set_guid(value);
      return;
    case Field::kIdentifier:
      builder_.set_id(value, rule_.rank);
      return;
    case Field::kTag:
      builder_.add_category(value);
      return;
    case Field::kTagList:
      builder_.add_categories(value);
      return;
    case Field::kLanguage:
      has_own_language_ = has_own_language_ || !builder_.is_in_entry();
      builder_.set_language(value, rule_.rank);
      return;
    case Field::kImageUrl:
      builder_.offer_image(ImageChoice::kNamed, value);
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

Text RssReader::text_of(const Capture& capture) const {
  const std::string_view value = capture.value();
  return draft_.text(value, is_html_ || capture.has_markup() || looks_like_html(value), capture.is_xhtml());
}

void RssReader::set_guid(std::string_view value) {
  builder_.set_id(value, rule_.rank);
  guid_url_ = guid_is_link_ && is_web_url(value) ? draft_.web_url(value) : std::string{};
}

void RssReader::close() {
  const Context context = contexts_.back();
  contexts_.pop_back();
  if (context == Context::kItem) {
    end_item();
  }
}

Step RssReader::begin_item(const Element& element) {
  end_item();
  if (!builder_.begin_entry()) {
    return Step::kEnough;
  }
  guid_url_.clear();
  if (const std::string_view about = element.attributes.get("about"); !about.empty()) {
    builder_.entry().id = trimmed(about);  // RSS 1.0 §5.5: the item's URI; its link is an element of its own
  }
  if (const std::string_view href = element.attributes.get("href"); !href.empty()) {
    builder_.entry().url = draft_.web_url(href);  // CDF
    builder_.entry().modified = draft_.date(element.attributes.get("lastmod"));
  }
  return descend(Context::kItem);
}

void RssReader::end_item() {
  if (builder_.is_in_entry() && builder_.entry().url.empty()) {
    builder_.entry().url = std::move(guid_url_);
  }
  builder_.end_entry();
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
  builder_.finish();
}

}  // namespace

std::unique_ptr<FormatReader> make_rss_reader(Draft draft) {
  return std::make_unique<RssReader>(draft);
}

}  // namespace dprkwatch::feed
