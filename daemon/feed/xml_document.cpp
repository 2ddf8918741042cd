// Looks at the root element, picks the reader of its format, and brings it fields instead of tokens.

#include <optional>

#include "feed/xml_format.hpp"

namespace dprkwatch::feed {
namespace {

class DocumentHandler final : public XmlHandler, public Position {
 public:
  DocumentHandler(Feed& feed, Warnings& warnings, const ParseOptions& options)
      : feed_{feed},
        warnings_{warnings},
        limits_{options.limits},
        xml_{*this, warnings, options.limits, options.base_url} {}

  Result<XmlOutcome> read(std::string_view document) {
    const XmlOutcome outcome = xml_.read(document);
    if (failure_) {
      return tl::unexpected{*failure_};
    }
    if (format_) {
      format_->finish();
    }
    return outcome;
  }

  void open(const Element& element) override {
    if (skipped_ > 0) {
      ++skipped_;
      return;
    }
    if (is_capturing_) {
      capture_.open(element, xml_.base_depth() > base_depth_ ? xml_.base() : std::string_view{});
      return;
    }
    if (!format_) {
      pick_format(element);
      if (!format_) {
        xml_.stop();
        return;
      }
    }
    switch (format_->open(element)) {
      case Step::kDescend:
        return;
      case Step::kSkip:
        skipped_ = 1;
        return;
      case Step::kCapture:
        start_capture(Capture::Mode::kRaw);
        return;
      case Step::kCaptureXhtml:
        start_capture(Capture::Mode::kXhtml);
        return;
      case Step::kEnough:
        xml_.stop();
        return;
    }
  }

  void text(std::string_view text) override {
    if (is_capturing_ && skipped_ == 0) {
      capture_.text(text);
    }
  }

  void close() override {
    if (skipped_ > 0) {
      --skipped_;
      return;
    }
    if (!is_capturing_) {
      format_->close();
      return;
    }
    if (!capture_.close()) {
      return;
    }
    is_capturing_ = false;
    if (capture_.is_cut()) {
      warnings_.add("text-too-long", line(), "a text is cut at " + std::to_string(limits_.text_bytes) + " bytes");
    }
    format_->captured(capture_);
  }

  [[nodiscard]] std::size_t line() const override { return xml_.line(); }
  [[nodiscard]] std::string_view base() const override { return xml_.base(); }
  [[nodiscard]] std::string_view language() const override { return xml_.language(); }

 private:
  void start_capture(Capture::Mode mode) {
    capture_.start(mode, limits_.text_bytes);
    is_capturing_ = true;
    base_depth_ = xml_.base_depth();
  }

  void pick_format(const Element& root) {
    const Draft draft{feed_, warnings_, limits_, *this};
    switch (root.tag) {
      case Tag::kRss:
      case Tag::kRdf:
      case Tag::kChannel:
        format_ = make_rss_reader(draft);
        return;
      case Tag::kFeed:
      case Tag::kEntry:
        format_ = make_atom_reader(draft);
        return;
      case Tag::kUrlset:
        format_ = make_sitemap_reader(draft);
        return;
      case Tag::kSitemapindex:
        refuse("a sitemap index, which lists other sitemaps: subscribe to one of those");
        return;
      case Tag::kOpml:
        refuse("an OPML list of feeds: import it with 'dprkwatch opml import'");
        return;
      case Tag::kHtml:
        refuse("an HTML page, not a feed: look for the page's feed with 'dprkwatch feed discover'");
        return;
      default:
        refuse("an XML document whose root is '" + excerpt(root.name) +
               "'; expected rss, RDF, feed, channel or urlset");
        return;
    }
  }

  void refuse(std::string what) { failure_ = Error{ErrorCode::kInvalidInput, "this is " + std::move(what), {}}; }

  Feed& feed_;
  Warnings& warnings_;
  const Limits limits_;
  XmlReader xml_;
  std::unique_ptr<FormatReader> format_;
  Capture capture_;
  bool is_capturing_ = false;
  std::size_t base_depth_ = 0;  // where the capture began
  std::size_t skipped_ = 0;     // open elements that are left out
  std::optional<Error> failure_;
};

}  // namespace

Result<XmlOutcome> read_xml(std::string_view document, const ParseOptions& options, Feed& feed, Warnings& warnings) {
  return DocumentHandler{feed, warnings, options}.read(document);
}

}  // namespace dprkwatch::feed
