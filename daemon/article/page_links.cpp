#include "article/page_links.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "article/article.hpp"
#include "article/html_tokens.hpp"
#include "article/html_tree.hpp"
#include "article/plain.hpp"
#include "article/url.hpp"
#include "selector/glob.hpp"

namespace dprkwatch::article {
namespace {

using Ancestors = std::vector<const GumboNode*>;  // outermost first, the element itself last

std::string_view tag_of(const GumboNode& node) {
  const auto& element = node.v.element;
  if (element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(element.tag);
  GumboStringPiece name = element.original_tag;
  gumbo_tag_from_original_text(&name);
  return {name.data, name.length};
}

bool fits(const selector::Compound& compound, const GumboNode& node) {
  if (!compound.tag.empty() && compound.tag != tag_of(node)) return false;
  return std::ranges::all_of(compound.attributes, [&](const selector::Attribute& wanted) {
    const GumboAttribute* found = gumbo_get_attribute(&node.v.element.attributes, wanted.name.c_str());
    return found != nullptr && selector::fits(wanted, found->value);
  });
}

// Whether the last element of the path is one that the selector selects: from the outermost element inwards, which
// compounds may end at the element looked at.
bool fits_path(const selector::Complex& complex, const Ancestors& path) {
  const std::size_t count = complex.size();
  std::vector<char> anywhere(count, 0);  // at some element above
  std::vector<char> above(count, 0);     // at the element just above
  for (const GumboNode* node : path) {
    std::vector<char> here(count, 0);
    for (std::size_t i = 0; i < count; ++i) {
      if (!fits(complex[i], *node)) continue;
      here[i] = i == 0 || (complex[i].is_child ? above[i - 1] : anywhere[i - 1]) != 0;
    }
    for (std::size_t i = 0; i < count; ++i) anywhere[i] = static_cast<char>(anywhere[i] != 0 || here[i] != 0);
    above = std::move(here);
  }
  return above[count - 1] != 0;
}

bool selects(const selector::Selector& selector, const Ancestors& path) {
  return std::ranges::any_of(selector, [&](const selector::Complex& complex) { return fits_path(complex, path); });
}

std::string shown_text_of(const GumboNode& root) {
  std::string text;
  TreeWalk walk(root);
  for (TreeWalk::Step step; walk.next(step);) {
    if (is_element(*step.node)) {
      const GumboTag tag = step.node->v.element.tag;
      if (!step.is_leaving && (tag == GUMBO_TAG_SCRIPT || tag == GUMBO_TAG_STYLE)) walk.skip_children();
      text += ' ';
    } else if (step.node->type != GUMBO_NODE_COMMENT) {
      text += step.node->v.text.text;
    }
  }
  return plain_title({std::move(text), false, ""});
}

class Collector {
 public:
  Collector(std::string_view url, const LinkChoice& choice) : url_(url), choice_(choice) {}

  std::vector<PageLink> collect(const GumboNode& root) {
    TreeWalk walk(root);
    for (TreeWalk::Step step; walk.next(step);) {
      if (!is_element(*step.node)) continue;
      if (step.is_leaving) {
        leave();
      } else {
        enter(*step.node);
      }
    }
    return std::move(links_);
  }

 private:
  void enter(const GumboNode& node) {
    path_.push_back(&node);
    if (node.v.element.tag == GUMBO_TAG_BASE && base_.empty()) {
      base_ = resolve_link(attribute_of(node, "href"), url_, LinkUse::kPage);
    }
    if (inside_ == 0 && !choice_.selector.empty() && selects(choice_.selector, path_)) inside_ = path_.size();
    if (node.v.element.tag == GUMBO_TAG_A && (choice_.selector.empty() || inside_ != 0)) take(node);
  }

  void leave() {
    if (path_.size() == inside_) inside_ = 0;
    path_.pop_back();
  }

  void take(const GumboNode& node) {
    const auto link = attribute_of(node, "href");
    if (link.empty()) return;
    std::string url = resolve_link(link, base_.empty() ? url_ : std::string_view(base_), LinkUse::kPage);
    url = url.substr(0, url.find('#'));
    if (!url.starts_with("http") || url == url_.substr(0, url_.find('#'))) return;
    if (!choice_.pattern.empty() && !selector::fits_glob(choice_.pattern, url)) return;
    const auto [known, is_new] = places_.try_emplace(url, links_.size());
    std::string title = shown_text_of(node);
    if (is_new) {
      links_.push_back({std::move(url), std::move(title)});
    } else if (title.size() > links_[known->second].title.size()) {
      links_[known->second].title = std::move(title);
    }
  }

  std::string_view url_;
  const LinkChoice& choice_;
  std::string base_;
  Ancestors path_;
  std::size_t inside_ = 0;  // length of the path at the element selected; 0: outside
  std::unordered_map<std::string, std::size_t> places_;
  std::vector<PageLink> links_;
};

}  // namespace

std::vector<PageLink> links_of(std::string_view html, std::string_view url, const LinkChoice& choice) {
  html = cut_html(html);
  const auto tree = HtmlTree::parse(html);
  if (!tree) return {};
  return Collector(url, choice).collect(tree->root());
}

}  // namespace dprkwatch::article
