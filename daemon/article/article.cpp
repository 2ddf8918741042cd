#include "article/article.hpp"

#include <algorithm>

#include "article/language.hpp"
#include "article/plain.hpp"

namespace dprkwatch::article {
Article make_article(const feed::Entry& entry, const feed::Feed& feed, Time fetched) {
  Article article;
  article.identity = identity_of(entry);
  article.url = entry.url.empty() ? entry.external_url : entry.url;
  article.title = plain_title(entry.title);
  article.text = plain_body(entry);
  leave_out_title(article.text, article.title);
  // A title in the language says more than a text that is only a link or a number.
  const auto& sample = article.text.size() >= article.title.size() ? article.text : article.title;
  article.language = language_of(entry.language.empty() ? feed.language : entry.language, sample);
  article.published = entry.published ? entry.published : entry.modified;
  if (article.published) article.published = std::min(*article.published, fetched);
  return article;
}

void bound_dates(feed::Feed& feed, Time fetched) {
  std::size_t count = 0;
  std::optional<Time> example;
  const auto bound = [&](std::optional<Time>& date) {
    if (!date || *date <= fetched) return;
    if (count++ == 0) example = date;
    date = fetched;
  };
  bound(feed.updated);
  for (feed::Entry& entry : feed.entries) {
    bound(entry.published);
    bound(entry.modified);
  }
  if (count == 0) return;
  feed.warnings.push_back({"future-date", 0,
                           std::to_string(count) + " dates of the future, such as " + to_rfc3339(*example) +
                               ", are taken as the time of fetching"});
}

}  // namespace dprkwatch::article
