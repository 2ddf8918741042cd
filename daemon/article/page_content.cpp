// After Arc90's Readability: prose gives points to the elements around it, links and telling names take them away. Text
// is measured in bytes without blanks, so that a character of Korean weighs as much as three letters.

#include "article/page_content.hpp"

#include <algorithm>
#include <vector>

#include "article/article.hpp"
#include "article/html_shown.hpp"
#include "article/page_names.hpp"

namespace dprkwatch::article {
namespace {

constexpr std::size_t kProseBytes = 60;      // a paragraph of less is a caption, a label, a menu
constexpr std::size_t kArticleBytes = 200;   // less is no article
constexpr std::size_t kLinkListBytes = 600;  // a block of this size made of links is a list of them
constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

// Names mislead on some pages; then only tags decide.
enum class Pruning { kByNamesAndTags, kByTags };

bool is_container(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_ARTICLE:
    case GUMBO_TAG_BLOCKQUOTE:
    case GUMBO_TAG_BODY:
    case GUMBO_TAG_CENTER:
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_FORM:
    case GUMBO_TAG_MAIN:
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_SECTION:
    case GUMBO_TAG_TD:
      return true;
    default:
      return false;
  }
}

bool is_shown(const GumboNode& node) {
  return node.v.element.tag_namespace == GUMBO_NAMESPACE_HTML && node.type != GUMBO_NODE_TEMPLATE &&
         kShownAs[node.v.element.tag] != Shown::kUnseen && node.v.element.tag != GUMBO_TAG_HEAD && !is_hidden(node);
}

// Whether an element is known to stand beside the article.
bool is_aside(const GumboNode& node, bool is_in_article, Pruning pruning) {
  switch (node.v.element.tag) {
    case GUMBO_TAG_HTML:
    case GUMBO_TAG_BODY:
    case GUMBO_TAG_MAIN:
    case GUMBO_TAG_ARTICLE:
      return false;
    case GUMBO_TAG_NAV:
    case GUMBO_TAG_ASIDE:
    case GUMBO_TAG_FOOTER:
    case GUMBO_TAG_FIGCAPTION:
      return true;
    case GUMBO_TAG_HEADER:
      return !is_in_article;
    default:
      return pruning == Pruning::kByNamesAndTags && named_as(node) == NamedAs::kAside;
  }
}

struct Block {
  const GumboNode* node = nullptr;
  std::size_t around = kNobody;  // index of the block around it
  std::size_t end = 0;           // one past the last block inside
  std::size_t own = 0;           // bytes in it and in none of the blocks inside
  std::size_t own_links = 0;
  std::size_t all = 0;  // bytes with all that is inside
  std::size_t links = 0;
  double points = 0;

  [[nodiscard]] double prose() const { return static_cast<double>(all) - 2.0 * static_cast<double>(links); }
  [[nodiscard]] double score() const {
    return all == 0 ? 0 : points * (1.0 - static_cast<double>(links) / static_cast<double>(all));
  }
  [[nodiscard]] bool is_link_list() const { return all < kLinkListBytes && links * 2 > all; }
};

std::size_t bytes_without_blanks(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return static_cast<unsigned char>(c) > ' '; }));
}

// The blocks of a page in document order, without what is not shown and what stands beside.
class Blocks {
 public:
  Blocks(const GumboNode& root, Pruning pruning) {
    TreeWalk walk(root);
    for (TreeWalk::Step step; walk.next(step);) {
      if (!is_element(*step.node)) {
        if (step.node->type != GUMBO_NODE_COMMENT) add_text(step.node->v.text.text);
      } else if (step.is_leaving) {
        leave(*step.node);
      } else if (!is_shown(*step.node) || is_aside(*step.node, articles_ > 0, pruning)) {
        walk.skip_children();
      } else {
        enter(*step.node);
      }
    }
    for (auto& block : blocks_) give_points(block);
  }

  [[nodiscard]] const std::vector<Block>& all() const { return blocks_; }

  // The block that holds the article; kNobody when there is no prose.
  [[nodiscard]] std::size_t best() const {
    const auto within = limit();
    if (within == kNobody) return kNobody;
    if (is_marked_body(*blocks_[within].node)) return within;
    auto best = within;
    for (auto i = within; i < blocks_[within].end; ++i) {
      if (is_container(blocks_[i].node->v.element.tag) && blocks_[i].score() > blocks_[best].score()) best = i;
    }
    return widened(best, within);
  }

 private:
  static bool is_marked_body(const GumboNode& node) { return attribute_of(node, "itemprop") == "articleBody"; }

  void enter(const GumboNode& node) {
    const auto tag = node.v.element.tag;
    articles_ += tag == GUMBO_TAG_ARTICLE ? 1 : 0;
    links_ += tag == GUMBO_TAG_A ? 1 : 0;
    if (kShownAs[tag] == Shown::kInline || kShownAs[tag] == Shown::kQuote || tag == GUMBO_TAG_BR) return;
    blocks_.push_back({&node, open_.empty() ? kNobody : open_.back()});
    open_.push_back(blocks_.size() - 1);
  }

  void leave(const GumboNode& node) {
    articles_ -= node.v.element.tag == GUMBO_TAG_ARTICLE ? 1 : 0;
    links_ -= node.v.element.tag == GUMBO_TAG_A ? 1 : 0;
    if (open_.empty() || blocks_[open_.back()].node != &node) return;
    auto& block = blocks_[open_.back()];
    block.end = blocks_.size();
    block.all += block.own;
    block.links += block.own_links;
    open_.pop_back();
    if (open_.empty()) return;
    blocks_[open_.back()].all += block.all;
    blocks_[open_.back()].links += block.links;
  }

  void add_text(std::string_view text) {
    if (open_.empty()) return;
    const auto bytes = bytes_without_blanks(text);
    blocks_[open_.back()].own += bytes;
    if (links_ > 0) blocks_[open_.back()].own_links += bytes;
  }

  // A paragraph speaks for what holds it; text that is divided by <br> alone speaks for its own element.
  void give_points(Block& block) {
    constexpr double kBytesPerPoint = 100;
    if (named_as(*block.node) == NamedAs::kArticle) block.points += 3;
    const auto prose = static_cast<double>(block.own) - 2.0 * static_cast<double>(block.own_links);
    if (prose < static_cast<double>(kProseBytes)) return;
    if (is_container(block.node->v.element.tag)) block.points += prose / kBytesPerPoint;
    const double points = 1 + std::min(prose / kBytesPerPoint, 5.0);
    double share = 1;
    for (auto i = block.around; i != kNobody && share < 4; i = blocks_[i].around) {
      blocks_[i].points += points / share;
      share += 1;
    }
  }

  // Where the article must be: what is marked as its body, else the <article> with most of the page's prose, else
  // <main>.
  [[nodiscard]] std::size_t limit() const {
    if (blocks_.empty()) return kNobody;
    const auto holds_most = [&](std::size_t i) {
      return blocks_[i].prose() >= static_cast<double>(kArticleBytes) && blocks_[i].prose() >= 0.4 * blocks_[0].prose();
    };
    std::size_t marked = kNobody;
    std::size_t article = kNobody;
    std::size_t main = kNobody;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      const auto& node = *blocks_[i].node;
      if (is_marked_body(node)) marked = with_more_prose(marked, i);
      if (node.v.element.tag == GUMBO_TAG_ARTICLE) article = with_more_prose(article, i);
      if (node.v.element.tag == GUMBO_TAG_MAIN) main = with_more_prose(main, i);
    }
    for (const auto i : {marked, article, main}) {
      if (i != kNobody && holds_most(i)) return i;
    }
    return 0;
  }

  [[nodiscard]] std::size_t with_more_prose(std::size_t a, std::size_t b) const {
    return a == kNobody || blocks_[b].prose() > blocks_[a].prose() ? b : a;
  }

  // An article in several parts side by side: take what is around them, while that adds prose rather than links.
  [[nodiscard]] std::size_t widened(std::size_t best, std::size_t within) const {
    for (auto i = best; i != within && i != kNobody; i = blocks_[i].around) {
      const auto around = blocks_[i].around;
      if (around == kNobody) break;
      if (blocks_[around].prose() > 1.2 * blocks_[best].prose() && blocks_[around].links * 5 < blocks_[around].all) {
        best = around;
      }
    }
    return best;
  }

  std::vector<Block> blocks_;
  std::vector<std::size_t> open_;
  int articles_ = 0;
  int links_ = 0;
};

// Writes an element's text as html_to_text() would.
class ElementText {
 public:
  void add(const GumboNode& node) {
    if (is_element(node)) return;
    const auto begin = static_cast<std::ptrdiff_t>(out_.size());
    if (node.type != GUMBO_NODE_COMMENT) out_ += node.v.text.text;
    if (preformatted_ == 0) std::replace(out_.begin() + begin, out_.end(), '\n', ' ');
  }
  void border(const GumboNode& node, bool is_leaving) {
    const auto tag = node.v.element.tag;
    if (keeps_line_breaks(tag)) preformatted_ += is_leaving ? -1 : 1;
    switch (kShownAs[tag]) {
      case Shown::kBlock:
        out_ += '\n';
        return;
      case Shown::kCell:
        out_ += ' ';
        return;
      case Shown::kQuote:
        out_ += is_leaving ? "\u201D" : "\u201C";
        return;
      case Shown::kInline:
      case Shown::kUnseen:
        return;
    }
  }
  std::string take() && { return clean_text(out_); }

 private:
  std::string out_;
  int preformatted_ = 0;
};

std::string text_of(const std::vector<Block>& blocks, std::size_t root, Pruning pruning) {
  ElementText text;
  auto next_block = root;
  TreeWalk walk(*blocks[root].node);
  for (TreeWalk::Step step; walk.next(step);) {
    if (!is_element(*step.node)) {
      text.add(*step.node);
    } else if (step.is_leaving) {
      text.border(*step.node, true);
    } else if (!is_shown(*step.node) || (next_block != root && is_aside(*step.node, true, pruning))) {
      walk.skip_children();
    } else {
      const bool is_block = next_block < blocks.size() && blocks[next_block].node == step.node;
      if (is_block && next_block != root && blocks[next_block].is_link_list()) {
        next_block = blocks[next_block].end;
        walk.skip_children();
        continue;
      }
      if (is_block) ++next_block;
      text.border(*step.node, false);
    }
  }
  return std::move(text).take();
}

std::string main_text(const GumboNode& root, Pruning pruning) {
  const Blocks blocks(root, pruning);
  const auto best = blocks.best();
  if (best == kNobody || blocks.all()[best].prose() < static_cast<double>(kProseBytes)) return {};
  return text_of(blocks.all(), best, pruning);
}

}  // namespace

std::string main_text(const GumboNode& root) {
  auto text = main_text(root, Pruning::kByNamesAndTags);
  if (text.size() >= kArticleBytes) return text;
  auto more = main_text(root, Pruning::kByTags);
  return more.size() > 2 * text.size() ? more : text;
}

std::string shown_text(const GumboNode& root) {
  ElementText text;
  TreeWalk walk(root);
  for (TreeWalk::Step step; walk.next(step);) {
    if (!is_element(*step.node)) {
      text.add(*step.node);
    } else if (!step.is_leaving && !is_shown(*step.node)) {
      walk.skip_children();
    } else {
      text.border(*step.node, step.is_leaving);
    }
  }
  return std::move(text).take();
}

std::string main_heading(const GumboNode& root) {
  std::vector<const GumboNode*> headings;
  std::vector<const GumboNode*> in_articles;
  int articles = 0;
  TreeWalk walk(root);
  for (TreeWalk::Step step; walk.next(step);) {
    if (!is_element(*step.node)) continue;
    const auto tag = step.node->v.element.tag;
    if (tag == GUMBO_TAG_ARTICLE) articles += step.is_leaving ? -1 : 1;
    if (tag != GUMBO_TAG_H1 || step.is_leaving || !is_shown(*step.node)) continue;
    headings.push_back(step.node);
    if (articles > 0) in_articles.push_back(step.node);
  }
  if (in_articles.size() == 1) return shown_text(*in_articles.front());
  return headings.size() == 1 ? shown_text(*headings.front()) : std::string();
}

}  // namespace dprkwatch::article
