#pragma once
// CSS selectors (W3C Selectors Level 4, a part): tag, *, .class, #id, [attribute], [attribute=value] with the operators
// = ~= ^= $= *=, descendants (blank), children (>), and lists of them (,). Pure; safe to call from any thread.

#include <string>
#include <string_view>
#include <vector>

#include "result/result.hpp"

namespace dprkwatch::selector {

// [name], or [name OP value] with OP one of = ~ ^ $ *; a class is [class ~ value], an id [id = value].
struct Attribute {
  std::string name;  // lower case
  char comparison = '\0';
  std::string value;
};

// One element: all of it must fit.
struct Compound {
  std::string tag;  // lower case; empty: any
  std::vector<Attribute> attributes;
  bool is_child = false;  // of the compound before it; else a descendant
};

// The compounds from the outermost element to the one selected.
using Complex = std::vector<Compound>;
// Any of them.
using Selector = std::vector<Complex>;

// Fails with kInvalidConfig and says at which character what was expected.
[[nodiscard]] Result<Selector> parse(std::string_view text);

// Whether an attribute's value fits.
[[nodiscard]] bool fits(const Attribute& wanted, std::string_view value);

}  // namespace dprkwatch::selector
