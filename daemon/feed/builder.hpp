#pragma once
// Puts values into the feed that is being read, or into its present entry. Several elements of a document can give the
// same field; each call says the rank of its element, and the highest stays.

#include <algorithm>
#include <array>

#include "feed/draft.hpp"
#include "feed/media.hpp"
#include "feed/person.hpp"
#include "feed/xml_format.hpp"

namespace dprkwatch::feed {

// What an element of one vocabulary gives.
template <class Field>
struct Rule {
  Space space;
  Tag tag;
  Field field;
  int rank = 0;
};

// The rule for an element; null when there is none.
template <class Field, std::size_t kCount>
[[nodiscard]] const Rule<Field>* find_rule(const std::array<Rule<Field>, kCount>& rules, Space space, Tag tag) {
  const auto* found =
      std::ranges::find_if(rules, [&](const Rule<Field>& rule) { return rule.tag == tag && rule.space == space; });
  return found == rules.end() ? nullptr : found;
}

class FeedBuilder {
 public:
  explicit FeedBuilder(Draft draft) : draft_{draft}, feed_{draft.feed} {}

  // False, with a warning, when the feed is full.
  [[nodiscard]] bool begin_entry();
  // Puts the present entry into the feed; does nothing outside one.
  void end_entry();
  [[nodiscard]] bool is_in_entry() const noexcept { return in_entry_; }
  [[nodiscard]] Entry& entry() noexcept { return entry_; }
  // At the end of the document.
  void finish() { feed_.image = feed_image_.take(); }

  void set_title(Text text, int rank);
  void set_summary(Text text, int rank);
  void set_content(Text text, int rank);
  // Of equal ranks the last.
  void set_link(std::string_view reference, int rank);
  void set_id(std::string_view id, int rank);
  void set_published(std::string_view date, int rank);
  void set_modified(std::string_view date, int rank);
  void set_language(std::string_view tag, int rank);
  void add_author(Person person, int rank);
  void add_category(std::string_view tag);
  void add_categories(std::string_view list);
  void offer_image(ImageChoice::Rank rank, std::string_view reference);
  // The attributes of media:content and the like.
  void add_media(const Element& element);
  // An enclosure of RSS.
  void add_enclosure(const Attributes& attributes);
  // A link of Atom, by its relation (RFC 4287 §4.2.7). An alternate's rank is `rank`, or one more for a page for
  // people; of equal ranks the first.
  void add_link(const Attributes& attributes, int rank);

 private:
  // Which rank each field was last given by.
  struct Ranks {
    int title = 0;
    int summary = 0;
    int content = 0;
    int link = 0;
    int id = 0;
    int published = 0;
    int modified = 0;
    int language = 0;
    int people = 0;
  };

  [[nodiscard]] Ranks& ranks() noexcept { return in_entry_ ? entry_ranks_ : feed_ranks_; }

  Draft draft_;
  Feed& feed_;
  bool in_entry_ = false;
  Entry entry_;
  Ranks entry_ranks_;
  Ranks feed_ranks_;
  ImageChoice entry_image_;
  ImageChoice feed_image_;
};

}  // namespace dprkwatch::feed
