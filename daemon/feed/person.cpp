#include "feed/person.hpp"

#include <algorithm>

#include "feed/markup.hpp"
#include "feed/names.hpp"

namespace dprkwatch::feed {
namespace {

constexpr std::size_t kMaxPeople = 200;  // of one entry; each new one is compared with all
constexpr auto kNowhere = std::string_view::npos;

// The text between the tags.
std::string text_of(std::string_view markup) {
  std::string text;
  while (!markup.empty()) {
    const std::size_t tag = std::min(markup.find('<'), markup.size());
    text += markup.substr(0, tag);
    const std::size_t end = markup.find('>', tag);
    markup.remove_prefix(end == kNowhere ? markup.size() : end + 1);
  }
  return unescape(trimmed(text));
}

// A child that tells one thing of a person; "url" is Atom 0.3, "homepage" its drafts.
std::string* field_of(Person& person, std::string_view name) {
  switch (tag_of(name)) {
    case Tag::kName:
      return &person.name;
    case Tag::kEmail:
      return &person.email;
    case Tag::kUri:
    case Tag::kUrl:
    case Tag::kHomepage:
      return &person.url;
    default:
      return nullptr;
  }
}

}  // namespace

Person read_person(std::string_view markup, const Draft& draft) {
  Person person;
  bool has_fields = false;
  std::size_t at = 0;
  while ((at = markup.find('<', at)) != kNowhere) {
    const std::size_t name_end = std::min(markup.find_first_of(" >", at), markup.size());
    const std::string_view name = markup.substr(at + 1, name_end - at - 1);
    std::string* field = field_of(person, name);
    const std::size_t begin = std::min(markup.find('>', name_end), markup.size());
    at = begin;
    if (field == nullptr) {
      continue;
    }
    has_fields = true;
    const std::size_t end = std::min(markup.find("</" + std::string{name} + ">", begin), markup.size());
    if (begin < end && field->empty()) {
      *field = text_of(markup.substr(begin + 1, end - begin - 1));
    }
    at = end;
  }
  if (!has_fields) {
    return parse_person(unescape(markup));  // with its markup, which daemon/article takes out
  }
  person.url = draft.web_url(person.url);
  return person;
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
