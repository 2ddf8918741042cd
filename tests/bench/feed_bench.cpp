// The feed parser against a bare expat pass over the same bytes, whose handlers do nothing.
//   build/release/bin/feed_bench
// Documents are generated: RSS and Atom, English and Korean, 20 to 300 KB, with bodies as publishers write them.

#include <benchmark/benchmark.h>
#include <expat.h>

#include <cstdlib>
#include <string>

#include "feed/feed.hpp"

namespace {

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

std::string make_rss(std::size_t bytes, bool korean, Body body) {
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

std::string make_atom(std::size_t bytes, bool korean) {
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

// Kind of document: 0..3 RSS (English or Korean, CDATA or escaped), 4 Atom with XHTML.
std::string make(const benchmark::State& state) {
  const auto bytes = static_cast<std::size_t>(state.range(1)) * 1024;
  const auto kind = state.range(0);
  return kind == 4 ? make_atom(bytes, false) : make_rss(bytes, kind % 2 == 1, kind < 2 ? Body::kCdata : Body::kEscaped);
}

void on_open(void*, const XML_Char*, const XML_Char**) {}
void on_close(void*, const XML_Char*) {}
void on_text(void*, const XML_Char*, int) {}

void bare_expat(benchmark::State& state) {
  const std::string document = make(state);
  for (auto _ : state) {
    XML_Parser parser = XML_ParserCreate("UTF-8");
    XML_SetElementHandler(parser, on_open, on_close);
    XML_SetCharacterDataHandler(parser, on_text);
    if (XML_Parse(parser, document.data(), static_cast<int>(document.size()), 1) != XML_STATUS_OK) {
      std::abort();
    }
    XML_ParserFree(parser);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * document.size()));
}

void parse_feed(benchmark::State& state) {
  const std::string document = make(state);
  for (auto _ : state) {
    const auto feed = dprkwatch::feed::parse(document, {});
    if (!feed || feed->entries.empty() || !feed->warnings.empty()) {
      std::abort();
    }
    benchmark::DoNotOptimize(feed->entries.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * document.size()));
}

// The same document with one stray ampersand: the price of the second pass.
void parse_damaged(benchmark::State& state) {
  std::string document = make(state);
  document.replace(document.rfind("Defence"), 3, " & ");
  for (auto _ : state) {
    const auto feed = dprkwatch::feed::parse(document, {});
    if (!feed || feed->entries.empty() || feed->warnings.empty()) {
      std::abort();
    }
    benchmark::DoNotOptimize(feed->entries.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * document.size()));
}

void documents(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"kind", "KiB"});
  for (const int kind : {0, 1, 2, 3, 4}) {
    for (const int kib : {20, 100, 300}) {
      benchmark->Args({kind, kib});
    }
  }
}

BENCHMARK(bare_expat)->Apply(documents);
BENCHMARK(parse_feed)->Apply(documents);
BENCHMARK(parse_damaged)->ArgNames({"kind", "KiB"})->Args({0, 100})->Args({2, 100});

}  // namespace

BENCHMARK_MAIN();
