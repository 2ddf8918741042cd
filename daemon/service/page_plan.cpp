#include "service/page_plan.hpp"

#include <algorithm>
#include <utility>

#include "article/revision.hpp"

namespace dprkwatch::service {
namespace {

// first * factor^steps, at most `most`.
Duration grown(Duration first, std::int64_t steps, Duration most) {
  constexpr int kFactor = 4;
  Duration wait = first;
  for (std::int64_t i = 0; i < steps && wait < most; ++i) wait *= kFactor;
  return std::min(wait, most);
}

}  // namespace

Duration wait_after_failure(std::int64_t failures) noexcept {
  return grown(std::chrono::seconds(15), failures - 1, std::chrono::hours(24));
}

std::optional<Time> next_look(const config::Feed& feed, Time fetched, std::int64_t looks, Time now) {
  if (!feed.recheck) return std::nullopt;
  const Time next = now + grown(std::chrono::minutes(30), looks - 1, std::chrono::hours(96));
  return next <= fetched + *feed.recheck ? std::optional(next) : std::nullopt;
}

store::ArticlePage filled(store::ArticlePage article, const article::Page& page, const config::Feed& feed) {
  const bool titled_by_page = feed.type == config::FeedType::kPage || article.title.empty();
  if (titled_by_page && !page.title.empty()) article.title = page.title;
  if (page.text.size() > article.text.size()) article.text = page.text;
  if (!article.published && page.published) article.published = std::min(*page.published, article.fetched);
  // A link's few words say little of the language.
  const bool trusted = feed.type == config::FeedType::kFeed && !article.language.empty();
  if (!trusted && !page.language.empty()) article.language = page.language;
  if (article.language.empty()) article.language = feed.language;
  return article;
}

std::optional<store::NewRevision> revision_of(const store::ArticlePage& article, const article::Page& page,
                                              const config::Feed& feed, Time now) {
  if (article::is_stub(article.text, page.text)) {
    if (article.is_removed) return std::nullopt;
    return store::NewRevision{store::RevisionKind::kRemoved, "its page holds no article any more", article.title,
                              article.text, now};
  }
  const bool titled_by_page = feed.type == config::FeedType::kPage && !page.title.empty();
  const std::string& title = titled_by_page ? page.title : article.title;
  const bool edited = article::is_edit(article.title, title) || article::is_edit(article.text, page.text);
  if (article.is_removed) {
    return store::NewRevision{store::RevisionKind::kRestored,
                              edited ? "its page is back, with another text" : "its page is back", title, page.text,
                              now};
  }
  if (!edited) return std::nullopt;
  return store::NewRevision{store::RevisionKind::kEdited, "its page shows another text", title, page.text, now};
}

}  // namespace dprkwatch::service
