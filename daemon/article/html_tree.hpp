#pragma once
// gumbo's tree of an HTML document, with its memory and time bounded.

#include <gumbo.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dprkwatch::article {

// gumbo allocates from an arena that goes at once: gumbo_destroy_output() recurses, and overruns the stack at 100,000
// nested elements. The arena also makes parsing 10% quicker.
class HtmlTree {
 public:
  // Nothing when the document is none that a person or a program would write to be read: see kMost... in the source.
  // Its text can still be had from html_to_text(). Keeps views into `html`.
  static std::optional<HtmlTree> parse(std::string_view html);

  HtmlTree(HtmlTree&&) noexcept;
  HtmlTree& operator=(HtmlTree&&) noexcept;
  ~HtmlTree();

  [[nodiscard]] const GumboNode& root() const { return *root_; }

 private:
  class Arena;
  HtmlTree();

  std::unique_ptr<Arena> arena_;
  const GumboNode* root_ = nullptr;
};

// A walk over a tree without recursion: each element is met twice, other nodes once.
class TreeWalk {
 public:
  struct Step {
    const GumboNode* node = nullptr;
    bool is_leaving = false;
  };

  explicit TreeWalk(const GumboNode& root) : root_(&root) {}

  // False when the walk is over.
  bool next(Step& step);

  // Leaves out what is inside the element just entered; it is not met again.
  void skip_children();

 private:
  struct Level {
    const GumboNode* node;
    unsigned next_child;
  };
  bool enter(const GumboNode* node, Step& step);

  const GumboNode* root_;
  std::vector<Level> levels_;
};

[[nodiscard]] bool is_element(const GumboNode& node);

// The value of an attribute, references decoded; "" when there is none.
[[nodiscard]] std::string_view attribute_of(const GumboNode& element, const char* name);

// Whether the element is there but not shown: the attribute `hidden`, or `display: none` in its style.
[[nodiscard]] bool is_hidden(const GumboNode& element);

// What "&name;" stands for, by gumbo's table; the text itself when the name is unknown.
[[nodiscard]] std::string text_of_reference(std::string_view reference);

}  // namespace dprkwatch::article
