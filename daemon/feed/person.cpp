#include "feed/person.hpp"

#include <algorithm>

namespace dprkwatch::feed {
namespace {

constexpr std::size_t kMaxPeople = 200;  // of one entry; each new one is compared with all

}  // namespace

Step PersonBuilder::open(const Element& child) {
  field_ = child.tag;
  // "url" is Atom 0.3, "homepage" its drafts.
  const bool is_field = field_ == Tag::kName || field_ == Tag::kEmail || field_ == Tag::kUri || field_ == Tag::kUrl ||
                        field_ == Tag::kHomepage;
  return is_field ? Step::kCapture : Step::kSkip;
}

void PersonBuilder::captured(const Draft& draft, std::string_view value) {
  if (field_ == Tag::kName) {
    person_.name = value;
  } else if (field_ == Tag::kEmail) {
    person_.email = value;
  } else {
    person_.url = draft.web_url(value);
  }
}

void add_person(std::vector<Person>& people, Person person) {
  const bool is_empty = person.name.empty() && person.email.empty() && person.url.empty();
  const bool is_known = std::ranges::any_of(people, [&](const Person& other) {
    return other.name == person.name && other.email == person.email && other.url == person.url;
  });
  if (!is_empty && !is_known && people.size() < kMaxPeople) {
    people.push_back(std::move(person));
  }
}

}  // namespace dprkwatch::feed
