#include "feed/builder.hpp"

#include <algorithm>

namespace dprkwatch::feed {
namespace {

// The relation of a link in lower case. RFC 4287 §4.2.7.2: a registered name and its IANA URI are the same relation.
std::string relation_of(const Attributes& attributes) {
  std::string_view rel = trimmed(attributes.get("rel"));
  if (const std::size_t slash = rel.rfind('/'); rel.starts_with("http://www.iana.org/") && slash != rel.npos) {
    rel.remove_prefix(slash + 1);
  }
  std::string lower{rel.empty() ? std::string_view{"alternate"} : rel};
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

bool is_page(std::string_view type) noexcept {
  return type.empty() || type.starts_with("text/html") || type.starts_with("application/xhtml");
}

}  // namespace

bool FeedBuilder::begin_entry() {
  if (!draft_.has_room()) {
    return false;
  }
  in_entry_ = true;
  entry_ = {};
  entry_ranks_ = {};
  entry_.language = language_tag(draft_.position.language());
  return true;
}

void FeedBuilder::end_entry() {
  if (!in_entry_) {
    return;
  }
  in_entry_ = false;
  entry_.image = entry_image_.take();
  feed_.entries.push_back(std::move(entry_));
}

void FeedBuilder::set_title(Text text, int rank) {
  if (outranks(rank, ranks().title)) {
    (in_entry_ ? entry_.title : feed_.title) = std::move(text);
  }
}

void FeedBuilder::set_summary(Text text, int rank) {
  if (outranks(rank, ranks().summary)) {
    (in_entry_ ? entry_.summary : feed_.description) = std::move(text);
  }
}

void FeedBuilder::set_content(Text text, int rank) {
  if (in_entry_ && outranks(rank, entry_ranks_.content)) {
    entry_.content = std::move(text);
  }
}

void FeedBuilder::set_link(std::string_view reference, int rank) {
  std::string url = draft_.web_url(reference);
  if (!url.empty() && outranks(rank, ranks().link)) {
    (in_entry_ ? entry_.url : feed_.home_page_url) = std::move(url);
  }
}

void FeedBuilder::set_id(std::string_view id, int rank) {
  if (in_entry_ && outranks(rank, entry_ranks_.id)) {
    entry_.id = id;
  }
}

void FeedBuilder::set_published(std::string_view date, int rank) {
  if (const auto time = draft_.date(date); time && in_entry_ && outranks(rank, entry_ranks_.published)) {
    entry_.published = time;
  }
}

void FeedBuilder::set_modified(std::string_view date, int rank) {
  if (const auto time = draft_.date(date); time && outranks(rank, ranks().modified)) {
    (in_entry_ ? entry_.modified : feed_.updated) = time;
  }
}

void FeedBuilder::set_language(std::string_view tag, int rank) {
  if (outranks(rank, ranks().language)) {
    (in_entry_ ? entry_.language : feed_.language) = language_tag(tag);
  }
}

void FeedBuilder::add_author(Person person, int rank) {
  std::vector<Person>& people = in_entry_ ? entry_.authors : feed_.authors;
  int& held = ranks().people;
  if (rank > held) {
    people.clear();
  }
  if (outranks(rank, held)) {
    add_person(people, std::move(person));
  }
}

void FeedBuilder::add_category(std::string_view tag) {
  add_tag(in_entry_ ? entry_.tags : feed_.tags, tag);
}

void FeedBuilder::add_categories(std::string_view list) {
  add_tag_list(in_entry_ ? entry_.tags : feed_.tags, list);
}

void FeedBuilder::offer_image(ImageChoice::Rank rank, std::string_view reference) {
  (in_entry_ ? entry_image_ : feed_image_).offer(rank, draft_.web_url(reference));
}

void FeedBuilder::add_media(const Element& element) {
  read_media(element, draft_, in_entry_ ? entry_image_ : feed_image_, in_entry_ ? &entry_.attachments : nullptr);
}

void FeedBuilder::add_enclosure(const Attributes& attributes) {
  Attachment file = read_attachment(attributes, draft_);
  if (file.mime_type.starts_with("image/")) {
    entry_image_.offer(ImageChoice::kAttached, file.url);
  }
  add_attachment(entry_.attachments, std::move(file));
}

void FeedBuilder::add_link(const Attributes& attributes, int rank) {
  const std::string rel = relation_of(attributes);
  const std::string_view href = attributes.get("href");
  if (rel == "alternate") {
    const int own_rank = rank + (is_page(trimmed(attributes.get("type"))) ? 1 : 0);
    if (own_rank > ranks().link) {
      set_link(href, own_rank);
    }
  } else if (in_entry_ && rel == "enclosure") {
    add_attachment(entry_.attachments, read_attachment(attributes, draft_));
  } else if (in_entry_ && rel == "related" && entry_.external_url.empty()) {
    entry_.external_url = draft_.quiet_url(href);
  } else if (!in_entry_ && rel == "self" && feed_.feed_url.empty()) {
    feed_.feed_url = draft_.web_url(href.empty() ? draft_.position.base() : href);
  } else if (!in_entry_ && rel == "hub") {
    add_tag(feed_.hub_urls, draft_.web_url(href));
  }
}

}  // namespace dprkwatch::feed
