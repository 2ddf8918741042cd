#pragma once
// The person construct of Atom (RFC 4287 §3.2), which RSS documents borrow.

#include "feed/draft.hpp"

namespace dprkwatch::feed {

// One person from an element as Capture::Mode::kXhtml writes it: by its children name, email and uri; where it has none
// of these, from its text ("mail (Name)" and the like).
[[nodiscard]] Person read_person(std::string_view markup, const Draft& draft);

// Adds a person that is not there yet.
void add_person(std::vector<Person>& people, Person person);

}  // namespace dprkwatch::feed
