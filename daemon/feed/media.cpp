#include "feed/media.hpp"

#include <algorithm>

namespace dprkwatch::feed {
namespace {

constexpr std::size_t kMaxAttachments = 200;  // of one entry; each new one is compared with all

bool is_picture(const Attributes& attributes) {
  return equals_ignoring_case(attributes.get("medium"), "image") || attributes.get("type").starts_with("image/");
}

// Media RSS lets all attributes out; the URL's ending is then what there is.
bool ends_like_picture(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  return std::ranges::any_of(
      std::initializer_list<std::string_view>{".jpg", ".jpeg", ".png", ".gif", ".webp"}, [&](std::string_view end) {
        return url.size() > end.size() && equals_ignoring_case(url.substr(url.size() - end.size()), end);
      });
}

}  // namespace

void ImageChoice::offer(Rank rank, std::string url) {
  if (rank > held_ && !url.empty()) {
    held_ = rank;
    url_ = std::move(url);
  }
}

Attachment read_attachment(const Attributes& attributes, const Draft& draft) {
  Attachment attachment;
  const std::string_view url = attributes.get("url");
  attachment.url = draft.web_url(url.empty() ? attributes.get("href") : url);
  attachment.mime_type = trimmed(attributes.get("type"));
  const std::string_view length = attributes.get("length");
  attachment.size_in_bytes = parse_number(length.empty() ? attributes.get("fileSize") : length);
  return attachment;
}

void add_attachment(std::vector<Attachment>& attachments, Attachment attachment) {
  if (!attachment.url.empty() && attachments.size() < kMaxAttachments &&
      std::ranges::find(attachments, attachment.url, &Attachment::url) == attachments.end()) {
    attachments.push_back(std::move(attachment));
  }
}

void read_media(const Element& element, const Draft& draft, ImageChoice& image, std::vector<Attachment>* attachments) {
  if (element.tag == Tag::kImage) {
    image.offer(ImageChoice::kNamed, draft.web_url(element.attributes.get("href")));
  } else if (element.tag == Tag::kThumbnail) {
    image.offer(ImageChoice::kThumbnail, draft.web_url(element.attributes.get("url")));
  } else if (element.tag == Tag::kContent && !element.attributes.get("url").empty()) {
    Attachment file = read_attachment(element.attributes, draft);
    const bool says_nothing = element.attributes.get("type").empty() && element.attributes.get("medium").empty();
    if (is_picture(element.attributes) || (says_nothing && ends_like_picture(file.url))) {
      image.offer(ImageChoice::kMedia, std::move(file.url));
    } else if (attachments != nullptr) {
      add_attachment(*attachments, std::move(file));
    }
  }
}

}  // namespace dprkwatch::feed
