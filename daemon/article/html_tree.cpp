#include "article/html_tree.hpp"

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstddef>
#include <ctime>
#include <utility>

#include "article/html_style.hpp"
#include "article/html_tokens.hpp"

namespace dprkwatch::article {
namespace {

// gumbo 0.10.1 looks through all open elements at each <div>, and through all attributes at each attribute: measured
// 0.11 s for 10,000 nested <div> (50 KB), 15 s for 100,000; 0.24 s for 10,000 attributes of one tag. Browsers flatten
// trees deeper than 512 (Chromium, WebKit).
constexpr std::size_t kMostDepth = 512;
constexpr std::size_t kMostAttributes = 256;
// Open elements summed over all tags: 100,000 tags at a depth of 30 make 3 million. 50 million take gumbo 0.2 s.
constexpr std::size_t kMostWork = 50'000'000;
// Ordinary pages take 9 bytes a byte, a table of one-digit cells 40. Unclosed formatting elements repeat in each
// paragraph without bound.
constexpr std::size_t kMostBytesPerByte = 64;
constexpr std::size_t kMostArenaBytes = 160 * 1024 * 1024;
// The last resort, for what the estimates above do not foresee. 5 MiB of ordinary HTML take 0.3 s.
constexpr std::time_t kMostSeconds = 2;

// Closed by their next sibling; they nest only through an element that is counted.
constexpr bool has_optional_end(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_P:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_DT:
    case GUMBO_TAG_DD:
    case GUMBO_TAG_TR:
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH:
    case GUMBO_TAG_TBODY:
    case GUMBO_TAG_THEAD:
    case GUMBO_TAG_TFOOT:
    case GUMBO_TAG_OPTION:
    case GUMBO_TAG_OPTGROUP:
      return true;
    default:
      return false;
  }
}

// How many elements are open, as the tags have it. Too high rather than too low.
class OpenElements {
 public:
  void see(const HtmlToken& token) {
    if (token.kind == HtmlToken::Kind::kText || is_void(token.tag) || has_optional_end(token.tag)) return;
    if (token.tag == GUMBO_TAG_UNKNOWN) {
      see_unknown(token);
    } else if (token.kind == HtmlToken::Kind::kStart) {
      ++open_[token.tag];
      ++known_;
    } else if (open_[token.tag] > 0) {
      --open_[token.tag];
      --known_;
    }
  }
  [[nodiscard]] std::size_t depth() const { return known_ + unknown_.size(); }

 private:
  // By name, since <a-1></a-2> closes nothing.
  void see_unknown(const HtmlToken& token) {
    constexpr std::ptrdiff_t kLookBack = 16;
    if (token.kind == HtmlToken::Kind::kStart) return unknown_.push_back(token.name);
    const auto begin = unknown_.rbegin();
    const auto end = begin + std::min(kLookBack, unknown_.rend() - begin);
    if (const auto found = std::find(begin, end, token.name); found != end) unknown_.erase(std::next(found).base());
  }

  std::array<std::size_t, GUMBO_TAG_LAST + 1> open_{};
  std::size_t known_ = 0;
  std::vector<std::string_view> unknown_;
};

bool has_too_many_attributes(std::string_view attributes) {
  if (attributes.size() < kMostAttributes) return false;
  HtmlAttribute attribute;
  std::size_t count = 0;
  while (count <= kMostAttributes && next_attribute(attributes, attribute)) ++count;
  return count > kMostAttributes;
}

bool is_bearable(std::string_view html) {
  HtmlTokens tokens(html);
  HtmlToken token;
  OpenElements open;
  std::size_t work = 0;
  while (tokens.next(token)) {
    open.see(token);
    work += open.depth();
    if (open.depth() > kMostDepth || work > kMostWork || has_too_many_attributes(token.attributes)) return false;
  }
  return !has_too_many_attributes(tokens.unfinished());
}

std::time_t cpu_seconds() {
  std::timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec;
}

}  // namespace

// Memory that grows, and is given back all at once. Leaves the parser by longjmp() where a bound is reached: gumbo is
// C, holds nothing but this memory, and knows no other way to stop.
class HtmlTree::Arena {
 public:
  explicit Arena(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  static void* allocate(void* arena, std::size_t bytes) noexcept { return static_cast<Arena*>(arena)->take(bytes); }
  static void release(void*, void*) noexcept {}

  std::jmp_buf out_of_bounds;

 private:
  void* take(std::size_t bytes) noexcept {
    constexpr std::size_t kAlignment = alignof(std::max_align_t);
    constexpr std::size_t kBlockBytes = 32 * 1024;
    bytes = (bytes + kAlignment - 1) / kAlignment * kAlignment;
    used_ += bytes;
    constexpr unsigned kCallsBetweenLooks = 16 * 1024;
    if (++calls_ % kCallsBetweenLooks == 0 && cpu_seconds() - begin_ > kMostSeconds) std::longjmp(out_of_bounds, 1);
    if (used_ > most_bytes_) std::longjmp(out_of_bounds, 1);
    if (bytes > left_) {
      left_ = std::max(bytes, blocks_.size() < 8 ? kBlockBytes : 8 * kBlockBytes);
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(left_));
      next_ = blocks_.back().get();
    }
    void* memory = next_;
    next_ += bytes;
    left_ -= bytes;
    return memory;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t used_ = 0;
  std::size_t most_bytes_;
  unsigned calls_ = 0;
  std::time_t begin_ = cpu_seconds();
};

namespace {

// Apart, so that longjmp() passes no object with a destructor ([csetjmp.syn]).
template <class Arena>
const GumboOutput* parse_within(Arena& arena, const char* html, std::size_t bytes) {
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = &Arena::allocate;
  options.deallocator = &Arena::release;
  options.userdata = &arena;
  options.max_errors = 0;
  if (setjmp(arena.out_of_bounds) != 0) return nullptr;
  return gumbo_parse_with_options(&options, html, bytes);
}

}  // namespace

HtmlTree::HtmlTree() = default;
HtmlTree::HtmlTree(HtmlTree&&) noexcept = default;
HtmlTree& HtmlTree::operator=(HtmlTree&&) noexcept = default;
HtmlTree::~HtmlTree() = default;

std::optional<HtmlTree> HtmlTree::parse(std::string_view html) {
  html = cut_html(html);
  if (!is_bearable(html)) return std::nullopt;
  HtmlTree tree;
  tree.arena_ = std::make_unique<Arena>(std::min(kMostArenaBytes, html.size() * kMostBytesPerByte + 1024 * 1024));
  const auto* output = parse_within(*tree.arena_, html.data(), html.size());
  if (output == nullptr) return std::nullopt;
  tree.root_ = output->root;
  return tree;
}

bool TreeWalk::enter(const GumboNode* node, Step& step) {
  step = {node, false};
  if (is_element(*node)) levels_.push_back({node, 0});
  return true;
}

bool TreeWalk::next(Step& step) {
  if (root_ != nullptr) return enter(std::exchange(root_, nullptr), step);
  if (levels_.empty()) return false;
  auto& level = levels_.back();
  const auto& children = level.node->v.element.children;
  if (level.next_child < children.length) {
    return enter(static_cast<const GumboNode*>(children.data[level.next_child++]), step);
  }
  step = {level.node, true};
  levels_.pop_back();
  return true;
}

void TreeWalk::skip_children() {
  levels_.pop_back();
}

bool is_element(const GumboNode& node) {
  return node.type == GUMBO_NODE_ELEMENT || node.type == GUMBO_NODE_TEMPLATE;
}

std::string_view attribute_of(const GumboNode& element, const char* name) {
  const auto* attribute = gumbo_get_attribute(&element.v.element.attributes, name);
  return attribute == nullptr ? std::string_view() : std::string_view(attribute->value);
}

bool is_hidden(const GumboNode& element) {
  const auto& attributes = element.v.element.attributes;
  if (attributes.length == 0) return false;
  return gumbo_get_attribute(&attributes, "hidden") != nullptr || style_hides(attribute_of(element, "style"));
}

std::string text_of_reference(std::string_view reference) {
  const auto tree = HtmlTree::parse(reference);
  std::string text;
  if (!tree) return text;
  TreeWalk walk(tree->root());
  for (TreeWalk::Step step; walk.next(step);) {
    if (!is_element(*step.node)) text += step.node->v.text.text;
  }
  return text;
}

}  // namespace dprkwatch::article
