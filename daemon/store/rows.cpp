#include "store/rows.hpp"

namespace dprkwatch::store {

Article read_article(const Statement& row) {
  return {ArticleId{row.integer(0)},
          FeedId{row.integer(1)},
          row.text(2),
          row.text(3),
          row.text(4),
          row.text(5),
          row.text(6),
          row.text(7),
          row.time(8),
          row.time(9).value_or(Time{}),
          {}};
}

}  // namespace dprkwatch::store
