#pragma once
// The person construct of Atom (RFC 4287 §3.2), which RSS documents borrow.

#include "feed/draft.hpp"
#include "feed/xml_format.hpp"

namespace dprkwatch::feed {

// Collects name, email and uri of one person, child by child.
class PersonBuilder {
 public:
  void start() { *this = {}; }
  [[nodiscard]] Step open(const Element& child);
  void captured(const Draft& draft, std::string_view value);
  [[nodiscard]] Person take() { return std::move(person_); }
  [[nodiscard]] bool is_empty() const noexcept {
    return person_.name.empty() && person_.email.empty() && person_.url.empty();
  }

 private:
  Person person_;
  Tag field_ = Tag::kUnknown;
};

// Adds a person that is not there yet.
void add_person(std::vector<Person>& people, Person person);

}  // namespace dprkwatch::feed
