// Sitemaps 0.9 with the news and image extensions: how sites without a feed say what is new.
// https://www.sitemaps.org/protocol.html,
// https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap

#include "feed/markup.hpp"
#include "feed/media.hpp"
#include "feed/xml_format.hpp"

namespace dprkwatch::feed {
namespace {

class SitemapReader final : public FormatReader {
 public:
  explicit SitemapReader(Draft draft) : draft_{draft}, feed_{draft.feed} {}

  Step open(const Element& element) override;
  void captured(const Capture& capture) override;
  void close() override;
  void finish() override {}

 private:
  enum class Context { kUrlset, kUrl, kNews, kPublication, kImage };

  Step descend(Context context) {
    contexts_.push_back(context);
    return Step::kDescend;
  }
  Step open_in_url(const Element& element);
  Step open_in_news(const Element& element);

  Draft draft_;
  Feed& feed_;
  std::vector<Context> contexts_;
  Tag field_ = Tag::kUnknown;
  Entry entry_;
  ImageChoice image_;
};

Step SitemapReader::open(const Element& element) {
  field_ = element.tag;
  if (contexts_.empty()) {
    feed_.format = "sitemap";
    feed_.language = language_tag(draft_.position.language());
    return descend(Context::kUrlset);
  }
  switch (contexts_.back()) {
    case Context::kUrlset:
      if (element.tag != Tag::kUrl) {
        return Step::kSkip;
      }
      if (!draft_.has_room()) {
        return Step::kEnough;
      }
      entry_ = {};
      return descend(Context::kUrl);
    case Context::kUrl:
      return open_in_url(element);
    case Context::kNews:
      return open_in_news(element);
    case Context::kPublication:
      return element.tag == Tag::kName || element.tag == Tag::kLanguage ? Step::kCapture : Step::kSkip;
    case Context::kImage:
      return element.tag == Tag::kLoc ? Step::kCapture : Step::kSkip;
  }
  return Step::kSkip;
}

Step SitemapReader::open_in_url(const Element& element) {
  if (element.space == Space::kNews && element.tag == Tag::kNews) {
    feed_.format = "news-sitemap";
    return descend(Context::kNews);
  }
  if (element.space == Space::kImage) {
    return element.tag == Tag::kImage ? descend(Context::kImage) : Step::kSkip;
  }
  return element.tag == Tag::kLoc || element.tag == Tag::kLastmod ? Step::kCapture : Step::kSkip;
}

Step SitemapReader::open_in_news(const Element& element) {
  if (element.tag == Tag::kPublication) {
    return descend(Context::kPublication);
  }
  const bool is_field =
      element.tag == Tag::kTitle || element.tag == Tag::kPublicationDate || element.tag == Tag::kKeywords;
  return is_field ? Step::kCapture : Step::kSkip;
}

void SitemapReader::captured(const Capture& capture) {
  const std::string_view value = capture.value();
  if (value.empty()) {
    return;
  }
  if (contexts_.back() == Context::kImage) {
    image_.offer(ImageChoice::kMedia, draft_.web_url(value));
  } else if (field_ == Tag::kLoc) {
    entry_.url = draft_.web_url(value);
  } else if (field_ == Tag::kLastmod) {
    entry_.modified = draft_.date(value);
  } else if (field_ == Tag::kTitle) {
    entry_.title = draft_.text(value, capture.has_markup() || looks_like_html(value));
  } else if (field_ == Tag::kPublicationDate) {
    entry_.published = draft_.date(value);
  } else if (field_ == Tag::kKeywords) {
    add_tag_list(entry_.tags, value);
  } else if (field_ == Tag::kLanguage) {
    entry_.language = language_tag(value);
    if (feed_.language.empty()) {
      feed_.language = entry_.language;
    }
  } else if (field_ == Tag::kName && feed_.title.value.empty()) {
    feed_.title = draft_.text(value, false);
  }
}

void SitemapReader::close() {
  const Context context = contexts_.back();
  contexts_.pop_back();
  if (context == Context::kUrl) {
    entry_.image = image_.take();
    feed_.entries.push_back(std::move(entry_));
  }
}

}  // namespace

std::unique_ptr<FormatReader> make_sitemap_reader(Draft draft) {
  return std::make_unique<SitemapReader>(draft);
}

}  // namespace dprkwatch::feed
