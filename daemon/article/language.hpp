#pragma once

#include <string>
#include <string_view>

namespace dprkwatch::article {

// A language tag as feeds write it ("en-US", "ko_KR", "kor", "kr") as its BCP 47 primary subtag; "" when it is none.
[[nodiscard]] std::string primary_language(std::string_view tag);

// The language declared for a text, unless its letters are plainly of a script in which that language isn't written;
// then, or when none is declared, the guess.
[[nodiscard]] std::string language_of(std::string_view declared, std::string_view text);

}  // namespace dprkwatch::article
