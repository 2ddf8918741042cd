#include "feed/names.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace dprkwatch::feed {
namespace {

struct TagName {
  std::string_view name;
  Tag tag;
};

constexpr std::array kTagNames = {
    TagName{"abstract", Tag::kAbstract},
    TagName{"author", Tag::kAuthor},
    TagName{"available", Tag::kAvailable},
    TagName{"body", Tag::kBody},
    TagName{"category", Tag::kCategory},
    TagName{"channel", Tag::kChannel},
    TagName{"content", Tag::kContent},
    TagName{"contributor", Tag::kContributor},
    TagName{"created", Tag::kCreated},
    TagName{"creator", Tag::kCreator},
    TagName{"date", Tag::kDate},
    TagName{"day", Tag::kDay},
    TagName{"description", Tag::kDescription},
    TagName{"div", Tag::kDiv},
    TagName{"email", Tag::kEmail},
    TagName{"enclosure", Tag::kEnclosure},
    TagName{"encoded", Tag::kEncoded},
    TagName{"entry", Tag::kEntry},
    TagName{"feed", Tag::kFeed},
    TagName{"group", Tag::kGroup},
    TagName{"guid", Tag::kGuid},
    TagName{"homepage", Tag::kHomepage},
    TagName{"hour", Tag::kHour},
    TagName{"href", Tag::kHref},
    TagName{"html", Tag::kHtml},
    TagName{"icon", Tag::kIcon},
    TagName{"id", Tag::kId},
    TagName{"identifier", Tag::kIdentifier},
    TagName{"image", Tag::kImage},
    TagName{"issued", Tag::kIssued},
    TagName{"item", Tag::kItem},
    TagName{"items", Tag::kItems},
    TagName{"keywords", Tag::kKeywords},
    TagName{"language", Tag::kLanguage},
    TagName{"lastbuilddate", Tag::kLastBuildDate},
    TagName{"lastmod", Tag::kLastmod},
    TagName{"link", Tag::kLink},
    TagName{"loc", Tag::kLoc},
    TagName{"logo", Tag::kLogo},
    TagName{"managingeditor", Tag::kManagingEditor},
    TagName{"modified", Tag::kModified},
    TagName{"name", Tag::kName},
    TagName{"news", Tag::kNews},
    TagName{"opml", Tag::kOpml},
    TagName{"origlink", Tag::kOrigLink},
    TagName{"owner", Tag::kOwner},
    TagName{"pubdate", Tag::kPubDate},
    TagName{"publication", Tag::kPublication},
    TagName{"publication_date", Tag::kPublicationDate},
    TagName{"published", Tag::kPublished},
    TagName{"publisher", Tag::kPublisher},
    TagName{"rdf", Tag::kRdf},
    TagName{"rss", Tag::kRss},
    TagName{"sitemap", Tag::kSitemap},
    TagName{"sitemapindex", Tag::kSitemapindex},
    TagName{"skipdays", Tag::kSkipDays},
    TagName{"skiphours", Tag::kSkipHours},
    TagName{"source", Tag::kSource},
    TagName{"subject", Tag::kSubject},
    TagName{"subtitle", Tag::kSubtitle},
    TagName{"summary", Tag::kSummary},
    TagName{"tagline", Tag::kTagline},
    TagName{"thumbnail", Tag::kThumbnail},
    TagName{"title", Tag::kTitle},
    TagName{"ttl", Tag::kTtl},
    TagName{"updatefrequency", Tag::kUpdateFrequency},
    TagName{"updateperiod", Tag::kUpdatePeriod},
    TagName{"updated", Tag::kUpdated},
    TagName{"uri", Tag::kUri},
    TagName{"url", Tag::kUrl},
    TagName{"urlset", Tag::kUrlset},
    TagName{"webmaster", Tag::kWebMaster},
};

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr std::size_t kMaxTagLength = 16;
constexpr std::size_t kSlots = 256;

constexpr std::size_t slot_of(std::string_view lower_case) noexcept {
  std::size_t hash = lower_case.size();
  for (const char c : lower_case) {
    hash = hash * 31 + static_cast<unsigned char>(c);
  }
  return hash % kSlots;
}

// Open addressing, filled by the compiler: a look-up costs one hash and, nearly always, one comparison.
constexpr auto kTagTable = [] {
  std::array<TagName, kSlots> table{};
  for (const TagName& entry : kTagNames) {
    std::size_t slot = slot_of(entry.name);
    while (!table[slot].name.empty()) {
      slot = (slot + 1) % kSlots;
    }
    table[slot] = entry;
  }
  return table;
}();

struct SpaceName {
  std::string_view name;
  Space space;
};

// Lower case, without scheme, "www." and trailing slash or hash: publishers vary all of these.
constexpr std::array kUris = {
    SpaceName{"purl.org/rss/1.0", Space::kRss},
    SpaceName{"my.netscape.com/rdf/simple/0.9", Space::kRss},
    SpaceName{"channel.netscape.com/rdf/simple/0.9", Space::kRss},
    SpaceName{"my.netscape.com/publish/formats/rss-0.91.dtd", Space::kRss},
    SpaceName{"backend.userland.com/rss", Space::kRss},
    SpaceName{"backend.userland.com/rss2", Space::kRss},
    SpaceName{"backend.userland.com/rss091", Space::kRss},
    SpaceName{"blogs.law.harvard.edu/tech/rss", Space::kRss},
    SpaceName{"cyber.law.harvard.edu/rss/rss.html", Space::kRss},
    SpaceName{"purl.org/net/rss1.1", Space::kRss},
    SpaceName{"w3.org/1999/02/22-rdf-syntax-ns", Space::kRdf},
    SpaceName{"w3.org/2005/atom", Space::kAtom},
    SpaceName{"purl.org/atom/ns", Space::kAtom03},
    SpaceName{"purl.org/atom", Space::kAtom03},
    SpaceName{"purl.org/rss/1.0/modules/content", Space::kContent},
    SpaceName{"purl.org/dc/elements/1.1", Space::kDc},
    SpaceName{"purl.org/dc/elements/1.0", Space::kDc},
    SpaceName{"purl.org/dc", Space::kDc},
    SpaceName{"purl.org/dc/terms", Space::kDcterms},
    SpaceName{"search.yahoo.com/mrss", Space::kMedia},
    SpaceName{"search.yahoo.com/rss", Space::kMedia},
    SpaceName{"video.search.yahoo.com/mrss", Space::kMedia},
    SpaceName{"tools.search.yahoo.com/mrss", Space::kMedia},
    SpaceName{"itunes.com/dtds/podcast-1.0.dtd", Space::kItunes},
    SpaceName{"example.com/dtds/podcast-1.0.dtd", Space::kItunes},
    SpaceName{"purl.org/rss/1.0/modules/syndication", Space::kSy},
    SpaceName{"w3.org/1999/xhtml", Space::kXhtml},
    SpaceName{"rssnamespace.org/feedburner/ext/1.0", Space::kFeedburner},
    SpaceName{"georss.org/georss", Space::kGeorss},
    SpaceName{"purl.org/rss/1.0/modules/slash", Space::kSlash},
    SpaceName{"purl.org/syndication/thread/1.0", Space::kThr},
    SpaceName{"sitemaps.org/schemas/sitemap/0.9", Space::kSitemap},
    SpaceName{"google.com/schemas/sitemap/0.84", Space::kSitemap},
    SpaceName{"google.com/schemas/sitemap-news/0.9", Space::kNews},
    SpaceName{"google.com/schemas/sitemap-image/1.1", Space::kImage},
    SpaceName{"w3.org/xml/1998/namespace", Space::kXml},
};

constexpr std::array kPrefixes = {
    SpaceName{"rdf", Space::kRdf},
    SpaceName{"atom", Space::kAtom},
    SpaceName{"atom10", Space::kAtom},
    SpaceName{"a10", Space::kAtom},
    SpaceName{"content", Space::kContent},
    SpaceName{"dc", Space::kDc},
    SpaceName{"dcterms", Space::kDcterms},
    SpaceName{"media", Space::kMedia},
    SpaceName{"itunes", Space::kItunes},
    SpaceName{"sy", Space::kSy},
    SpaceName{"xhtml", Space::kXhtml},
    SpaceName{"georss", Space::kGeorss},
    SpaceName{"slash", Space::kSlash},
    SpaceName{"thr", Space::kThr},
    SpaceName{"news", Space::kNews},
    SpaceName{"image", Space::kImage},
    SpaceName{"xml", Space::kXml},
    SpaceName{"rss", Space::kRss},
    SpaceName{"feedburner", Space::kFeedburner},
};

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

Tag tag_of(std::string_view local) noexcept {
  if (local.size() > kMaxTagLength) {
    return Tag::kUnknown;
  }
  std::array<char, kMaxTagLength> buffer{};
  std::ranges::transform(local, buffer.begin(), lower);
  const std::string_view name{buffer.data(), local.size()};
  for (std::size_t slot = slot_of(name); !kTagTable[slot].name.empty(); slot = (slot + 1) % kSlots) {
    if (kTagTable[slot].name == name) {
      return kTagTable[slot].tag;
    }
  }
  return Tag::kUnknown;
}

Space space_of_uri(std::string_view uri) noexcept {
  uri = trimmed(uri);
  if (const auto scheme = uri.find("://"); scheme != std::string_view::npos) {
    uri.remove_prefix(scheme + 3);
  }
  if (uri.size() > 4 && equals_ignoring_case(uri.substr(0, 4), "www.")) {
    uri.remove_prefix(4);
  }
  while (!uri.empty() && (uri.back() == '/' || uri.back() == '#')) {
    uri.remove_suffix(1);
  }
  const auto* found =
      std::ranges::find_if(kUris, [&](const SpaceName& entry) { return equals_ignoring_case(entry.name, uri); });
  return found == kUris.end() ? Space::kOther : found->space;
}

Space space_of_prefix(std::string_view prefix) noexcept {
  const auto* found =
      std::ranges::find_if(kPrefixes, [&](const SpaceName& entry) { return equals_ignoring_case(entry.name, prefix); });
  return found == kPrefixes.end() ? Space::kOther : found->space;
}

bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept {
  return left.size() == right.size() &&
         std::ranges::equal(left, right, [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace dprkwatch::feed
