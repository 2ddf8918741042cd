#pragma once
// Media RSS 1.5.1 and the pictures of iTunes, in entries and feeds of any XML format.

#include "feed/draft.hpp"
#include "feed/xml_format.hpp"

namespace dprkwatch::feed {

// The picture of an entry or a feed: what names it as such wins over what merely is one; of equals the first.
class ImageChoice {
 public:
  enum Rank { kNone, kAttached, kMedia, kThumbnail, kNamed };

  void offer(Rank rank, std::string url);
  [[nodiscard]] std::string take() {
    held_ = kNone;
    return std::move(url_);
  }

 private:
  Rank held_ = kNone;
  std::string url_;
};

// Reads the attributes of media:content, media:thumbnail and itunes:image. Files that are no pictures go to
// `attachments` when there are any to fill.
void read_media(const Element& element, const Draft& draft, ImageChoice& image, std::vector<Attachment>* attachments);

// Adds a file with an absolute URL that is not there yet.
void add_attachment(std::vector<Attachment>& attachments, Attachment attachment);

// An attachment from attributes: url or href, type, length or fileSize.
[[nodiscard]] Attachment read_attachment(const Attributes& attributes, const Draft& draft);

}  // namespace dprkwatch::feed
