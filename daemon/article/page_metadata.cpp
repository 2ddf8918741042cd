#include "article/page_metadata.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <span>
#include <utility>
#include <vector>

#include "article/html_tokens.hpp"
#include "feed/feed.hpp"

namespace dprkwatch::article {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostJsonDepth = 64;
constexpr std::size_t kMostJsonValues = 20'000;

// One place may say a thing in several ways; the better one wins, whatever their order.
template <class T>
class Best {
 public:
  void offer(T value, int rank) {
    if (rank >= rank_) return;
    value_ = std::move(value);
    rank_ = rank;
  }
  T take() && { return std::move(value_); }

 private:
  T value_{};
  int rank_ = 1000;
};

constexpr int kFromJsonLd = 0;  // ranks of <meta> follow, in the order of its table

enum class Says { kTitle, kSiteName, kLanguage, kPublished, kModified };
struct MetaName {
  std::string_view name;  // of `property`, `name`, `itemprop` or `http-equiv`; lower case
  Says says;
};
// Best first. Seen at: OpenGraph and schema.org sites, WordPress, Parse.ly, Sailthru, Dublin Core, Korean and Japanese
// newspapers.
constexpr std::array kMetaNames = std::to_array<MetaName>({
    {"article:published_time", Says::kPublished},
    {"og:article:published_time", Says::kPublished},
    {"datepublished", Says::kPublished},
    {"og:published_time", Says::kPublished},
    {"parsely-pub-date", Says::kPublished},
    {"sailthru.date", Says::kPublished},
    {"article.published", Says::kPublished},
    {"published-date", Says::kPublished},
    {"publish-date", Says::kPublished},
    {"publishdate", Says::kPublished},
    {"publication_date", Says::kPublished},
    {"pubdate", Says::kPublished},
    {"dcterms.created", Says::kPublished},
    {"dcterms.date", Says::kPublished},
    {"dc.date.issued", Says::kPublished},
    {"dc.date.created", Says::kPublished},
    {"dc.date", Says::kPublished},
    {"date", Says::kPublished},
    {"article:modified_time", Says::kModified},
    {"og:updated_time", Says::kModified},
    {"datemodified", Says::kModified},
    {"dcterms.modified", Says::kModified},
    {"last-modified", Says::kModified},
    {"og:title", Says::kTitle},
    {"twitter:title", Says::kTitle},
    {"dc.title", Says::kTitle},
    {"dcterms.title", Says::kTitle},
    {"og:site_name", Says::kSiteName},
    {"application-name", Says::kSiteName},
    {"dc.language", Says::kLanguage},
    {"content-language", Says::kLanguage},
    {"og:locale", Says::kLanguage},
});

// schema.org's Article and what derives from it.
constexpr std::array<std::string_view, 13> kArticleTypes = {"Article",
                                                            "NewsArticle",
                                                            "ReportageNewsArticle",
                                                            "AnalysisNewsArticle",
                                                            "BackgroundNewsArticle",
                                                            "OpinionNewsArticle",
                                                            "AskPublicNewsArticle",
                                                            "ReviewNewsArticle",
                                                            "Report",
                                                            "BlogPosting",
                                                            "LiveBlogPosting",
                                                            "SocialMediaPosting",
                                                            "TechArticle"};

class Reader {
 public:
  void read(const GumboNode& root) {
    TreeWalk walk(root);
    for (TreeWalk::Step step; walk.next(step);) {
      if (step.is_leaving || !is_element(*step.node)) continue;
      see(*step.node);
    }
  }

  PageMetadata take() && {
    metadata_.title = std::move(title_).take();
    metadata_.site_name = std::move(site_name_).take();
    metadata_.language = std::move(language_).take();
    metadata_.published = std::move(published_).take();
    metadata_.modified = std::move(modified_).take();
    return std::move(metadata_);
  }

 private:
  static constexpr int kFromElement = 500;

  void see(const GumboNode& node) {
    switch (node.v.element.tag) {
      case GUMBO_TAG_HTML:
        offer_language(attribute_of(node, "lang"), kFromElement - 1);
        offer_language(attribute_of(node, "xml:lang"), kFromElement);
        return;
      case GUMBO_TAG_META:
        return see_meta(node);
      case GUMBO_TAG_LINK:
        if (equals_ignoring_case(attribute_of(node, "rel"), "canonical")) {
          metadata_.canonical_url = attribute_of(node, "href");
        }
        return;
      case GUMBO_TAG_TITLE:
        // An <svg> has titles too.
        if (node.v.element.tag_namespace == GUMBO_NAMESPACE_HTML && metadata_.document_title.empty()) {
          metadata_.document_title = text_in(node);
        }
        return;
      case GUMBO_TAG_SCRIPT:
        if (equals_ignoring_case(attribute_of(node, "type"), "application/ld+json")) see_json_ld(text_in(node));
        return;
      default:
        see_time(node);
    }
  }

  void see_meta(const GumboNode& node) {
    const auto content = attribute_of(node, "content");
    if (content.empty()) return;
    for (const char* key : {"property", "name", "itemprop", "http-equiv"}) {
      const auto name = attribute_of(node, key);
      if (name.empty()) continue;
      const auto* found = std::ranges::find_if(
          kMetaNames, [&](const MetaName& known) { return equals_ignoring_case(name, known.name); });
      if (found != kMetaNames.end()) take(found->says, content, 1 + static_cast<int>(found - kMetaNames.begin()));
    }
  }

  void take(Says says, std::string_view value, int rank) {
    switch (says) {
      case Says::kTitle:
        return offer_title(std::string(value), rank);
      case Says::kSiteName:
        return site_name_.offer(std::string(value), rank);
      case Says::kLanguage:
        // The page's own lang is nearer to its text than og:locale, which templates leave at en_US.
        return offer_language(value, kFromElement + rank);
      case Says::kPublished:
        return offer_time(published_, value, rank);
      case Says::kModified:
        return offer_time(modified_, value, rank);
    }
  }

  // <time datetime="..." itemprop="datePublished" pubdate>, and other elements with that itemprop.
  void see_time(const GumboNode& node) {
    const bool is_time = node.v.element.tag == GUMBO_TAG_TIME;
    const auto property = attribute_of(node, "itemprop");
    if (!is_time && property.empty()) return;
    auto value = attribute_of(node, "datetime");
    if (value.empty()) value = attribute_of(node, "content");
    if (value.empty()) return;
    if (equals_ignoring_case(property, "datepublished")) return offer_time(published_, value, kFromElement);
    if (equals_ignoring_case(property, "datemodified")) return offer_time(modified_, value, kFromElement);
    if (!is_time) return;
    const bool is_marked = gumbo_get_attribute(&node.v.element.attributes, "pubdate") != nullptr;
    offer_time(published_, value, kFromElement + (is_marked ? 1 : 2));
  }

  // A graph of objects (JSON-LD 1.1). Boost.JSON's own bound on depth holds while parsing; this walk has a list.
  void see_json_ld(std::string_view text) {
    json::parse_options options;
    options.max_depth = kMostJsonDepth;
    options.allow_trailing_commas = true;
    options.allow_invalid_utf8 = true;
    json::error_code error;
    const auto document = json::parse(text, error, {}, options);
    if (error) return;
    std::vector<const json::value*> waiting = {&document};
    for (std::size_t seen = 0; seen < waiting.size() && seen < kMostJsonValues; ++seen) {
      if (const auto* array = waiting[seen]->if_array()) {
        for (const auto& value : *array) waiting.push_back(&value);
      } else if (const auto* object = waiting[seen]->if_object()) {
        if (is_article(*object)) see_article(*object);
        for (const auto* key : {"@graph", "mainEntity", "mainEntityOfPage"}) {
          if (const auto* inner = object->if_contains(key)) waiting.push_back(inner);
        }
      }
    }
  }

  static bool is_article(const json::object& object) {
    const auto* type = object.if_contains("@type");
    if (type == nullptr) return false;
    const auto names_article = [](const json::value& value) {
      return value.is_string() &&
             std::ranges::find(kArticleTypes, std::string_view(value.get_string())) != kArticleTypes.end();
    };
    if (const auto* types = type->if_array()) return std::ranges::any_of(*types, names_article);
    return names_article(*type);
  }

  static std::string_view string_in(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
  }

  // The first article is the page's; others are what it links to.
  void see_article(const json::object& article) {
    if (has_article_) return;
    has_article_ = true;
    offer_title(std::string(string_in(article, "headline")), kFromJsonLd);
    offer_title(std::string(string_in(article, "name")), kFromJsonLd + 1);
    offer_language(string_in(article, "inLanguage"), kFromJsonLd);
    offer_time(published_, string_in(article, "datePublished"), kFromJsonLd);
    offer_time(modified_, string_in(article, "dateModified"), kFromJsonLd);
    metadata_.body = string_in(article, "articleBody");
  }

  void offer_title(std::string title, int rank) {
    if (title.find_first_not_of(" \t\r\n") != std::string::npos) title_.offer(std::move(title), rank);
  }
  void offer_language(std::string_view language, int rank) {
    if (!language.empty()) language_.offer(std::string(language), rank);
  }
  static void offer_time(Best<std::optional<Time>>& best, std::string_view text, int rank) {
    if (text.empty()) return;
    if (const auto time = feed::parse_date(text)) best.offer(time, rank);
  }

  static std::string text_in(const GumboNode& node) {
    std::string text;
    const auto& children = node.v.element.children;
    for (void* child : std::span(children.data, children.length)) {
      const auto* inner = static_cast<const GumboNode*>(child);
      if (!is_element(*inner)) text += inner->v.text.text;
    }
    return text;
  }

  PageMetadata metadata_;
  Best<std::string> title_;
  Best<std::string> site_name_;
  Best<std::string> language_;
  Best<std::optional<Time>> published_;
  Best<std::optional<Time>> modified_;
  bool has_article_ = false;
};

}  // namespace

PageMetadata read_metadata(const GumboNode& root) {
  Reader reader;
  reader.read(root);
  return std::move(reader).take();
}

}  // namespace dprkwatch::article
