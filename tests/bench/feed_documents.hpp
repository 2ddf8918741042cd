#pragma once
// Feeds of any size as publishers write them: RSS and Atom, English and Korean.

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>

namespace dprkwatch::bench {

// A small generator of its own, so that every run sees the same bytes.
class Words {
 public:
  explicit Words(bool korean) : korean_{korean} {}

  std::string sentence(int words) {
    static constexpr const char* kEnglish[] = {"the",   "ministry", "statement", "missile", "talks", "Pyongyang",
                                               "Seoul", "warned",   "that",      "any",     "joint", "exercise",
                                               "would", "bring",    "grave",     "results", "on",    "Sunday"};
    static constexpr const char* kKorean[] = {"북한은", "외무성",   "담화를", "통해",   "미국의", "적대시",
                                              "정책을", "비난하며", "미사일", "시험을", "평양",   "서울"};
    std::string text;
    for (int i = 0; i < words; ++i) {
      text += i == 0 ? "" : " ";
      text += korean_ ? kKorean[next() % std::size(kKorean)] : kEnglish[next() % std::size(kEnglish)];
    }
    return text + ".";
  }

  unsigned next() {
    state_ = state_ * 1664525U + 1013904223U;
    return state_ >> 16U;
  }

 private:
  bool korean_;
  unsigned state_ = 1;
};

enum class Body { kCdata, kEscaped };

inline std::string make_rss(std::size_t bytes, bool korean, Body body) {
  Words words{korean};
  std::string feed =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
      "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
      "xmlns:atom=\"http://www.w3.org/2005/Atom\" xmlns:media=\"http://search.yahoo.com/mrss/\">\n<channel>\n"
      "  <title>Bench</title>\n  <link>https://example.org/</link>\n  <description>Generated</description>\n";
  for (int i = 0; feed.size() < bytes; ++i) {
    const std::string id = std::to_string(i);
    feed += "  <item>\n    <title>" + words.sentence(9) + "</title>\n    <link>https://example.org/news/" + id +
            "</link>\n    <guid isPermaLink=\"false\">bench-" + id +
            "</guid>\n    <pubDate>Sun, 08 Dec 2019 15:04:05 +0900</pubDate>\n    <dc:creator>" + words.sentence(2) +
            "</dc:creator>\n    <category>Politics</category>\n    <category>Defence</category>\n    <description>" +
            words.sentence(30) + "</description>\n    <content:encoded>";
    feed += body == Body::kCdata ? "<![CDATA[" : "";
    for (int p = 0; p < 6; ++p) {
      const std::string text = words.sentence(45);
      feed += body == Body::kCdata ? "<p>" + text + " <a href=\"/x?a=1&b=2\">" + words.sentence(3) + "</a></p>\n"
                                   : "&lt;p&gt;" + text + " &lt;a href=&quot;/x?a=1&amp;amp;b=2&quot;&gt;" +
                                         words.sentence(3) + "&lt;/a&gt;&lt;/p&gt;\n";
    }
    feed += body == Body::kCdata ? "]]>" : "";
    feed += "</content:encoded>\n    <media:thumbnail url=\"https://example.org/" + id +
            ".jpg\" width=\"90\"/>\n  </item>\n";
  }
  return feed + "</channel>\n</rss>\n";
}

inline std::string make_atom(std::size_t bytes, bool korean) {
  Words words{korean};
  std::string feed =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n"
      "  <title>Bench</title>\n  <link rel=\"self\" href=\"https://example.org/feed\"/>\n  <id>urn:bench</id>\n";
  for (int i = 0; feed.size() < bytes; ++i) {
    const std::string id = std::to_string(i);
    feed += "  <entry>\n    <title>" + words.sentence(9) + "</title>\n    <link href=\"https://example.org/" + id +
            "\"/>\n    <id>urn:bench:" + id +
            "</id>\n    <updated>2019-12-08T15:04:05Z</updated>\n    <author><name>Desk</name></author>\n"
            "    <content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">";
    for (int p = 0; p < 6; ++p) {
      feed += "<p>" + words.sentence(45) + " <a href=\"/x\">" + words.sentence(3) + "</a></p>\n";
    }
    feed += "</div></content>\n  </entry>\n";
  }
  return feed + "</feed>\n";
}

// Kinds 0..3 are RSS (English or Korean, CDATA or escaped), 4 is Atom with XHTML.
inline constexpr std::int64_t kKinds = 5;
inline std::string make_document(std::int64_t kind, std::int64_t kib) {
  const auto bytes = static_cast<std::size_t>(kib) * 1024;
  return kind == 4 ? make_atom(bytes, false) : make_rss(bytes, kind % 2 == 1, kind < 2 ? Body::kCdata : Body::kEscaped);
}

}  // namespace dprkwatch::bench
