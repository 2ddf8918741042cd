// Any bytes as an article's page: no crash, and its texts are in canonical form.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "article/article.hpp"
#include "article/page.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace article = dprkwatch::article;
  const std::string_view html(reinterpret_cast<const char*>(data), size);
  const auto page = article::read_page(html, "https://example.org/a/b?c");
  if (article::clean_text(page.text) != page.text || article::clean_text(page.title) != page.title) {
    std::fputs("broken: texts are in canonical form\n", stderr);
    std::abort();
  }
  return 0;
}
