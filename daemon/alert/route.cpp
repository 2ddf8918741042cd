#include "alert/route.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <boost/regex.hpp>
#include <stdexcept>

namespace dprkwatch::alert {

std::string to_json(const Labels& labels) {
  boost::json::object object;
  for (const auto& [name, value] : labels) object[name] = value;
  return boost::json::serialize(object);
}

Labels labels_from_json(std::string_view text) {
  boost::system::error_code error;
  const auto value = boost::json::parse(boost::json::string_view(text.data(), text.size()), error);
  Labels labels;
  if (error || !value.is_object()) return labels;
  for (const auto& [name, inner] : value.as_object()) {
    if (inner.is_string()) labels[std::string(name)] = std::string(inner.as_string());
  }
  return labels;
}

std::string value_of(const Labels& labels, const std::string& name) {
  const auto found = labels.find(name);
  return found == labels.end() ? std::string() : found->second;
}

bool fits(const config::Matcher& matcher, const Labels& labels) {
  const std::string value = value_of(labels, matcher.label);
  using Op = config::Matcher::Op;
  switch (matcher.op) {
    case Op::kIs:
      return value == matcher.value;
    case Op::kIsNot:
      return value != matcher.value;
    case Op::kFits:
    case Op::kFitsNot:
      break;
  }
  bool fit = false;
  try {
    const boost::regex expression(matcher.value, boost::regex::ECMAScript | boost::regex::no_except);
    fit = expression.status() == 0 && boost::regex_match(value, expression);
  } catch (const std::runtime_error&) {
    // Too many steps.
  }
  return fit == (matcher.op == Op::kFits);
}

bool fit_all(const std::vector<config::Matcher>& matchers, const Labels& labels) {
  return std::all_of(matchers.begin(), matchers.end(),
                     [&](const config::Matcher& matcher) { return fits(matcher, labels); });
}

std::vector<const config::Route*> routes_of(const config::Route& root, const Labels& labels) {
  std::vector<const config::Route*> found;
  for (const config::Route& child : root.routes) {
    if (!fit_all(child.matchers, labels)) continue;
    const auto below = routes_of(child, labels);
    found.insert(found.end(), below.begin(), below.end());
    if (!child.go_on) break;
  }
  if (found.empty()) found.push_back(&root);
  return found;
}

const config::Route& route_at(const config::Route& root, std::string_view path) {
  const config::Route* at = &root;
  for (bool deeper = true; deeper && at->path != path;) {
    deeper = false;
    for (const config::Route& child : at->routes) {
      const bool inside =
          path.starts_with(child.path) && (path.size() == child.path.size() || path[child.path.size()] == '.');
      if (!inside) continue;
      at = &child;
      deeper = true;
      break;
    }
  }
  return at->path == path ? *at : root;
}

Labels group_labels(const config::Route& route, const Labels& labels) {
  if (route.group_by.size() == 1 && route.group_by.front() == "...") return labels;
  Labels chosen;
  for (const std::string& name : route.group_by) {
    if (const auto found = labels.find(name); found != labels.end()) chosen.insert(*found);
  }
  return chosen;
}

const store::Silence* silenced(const std::vector<store::Silence>& silences, const Labels& labels, Time now) {
  for (const store::Silence& silence : silences) {
    if (now < silence.starts || now >= silence.ends || silence.matchers.empty()) continue;
    const bool all = std::all_of(silence.matchers.begin(), silence.matchers.end(), [&](const std::string& text) {
      const auto matcher = config::parse_matcher(text);
      return matcher && fits(*matcher, labels);
    });
    if (all) return &silence;
  }
  return nullptr;
}

std::optional<std::string> inhibited(const std::vector<config::Inhibition>& inhibitions, const Labels& labels,
                                     const std::vector<Firing>& firing) {
  for (const config::Inhibition& rule : inhibitions) {
    if (!fit_all(rule.target, labels)) continue;
    const bool both = fit_all(rule.source, labels);
    for (const Firing& other : firing) {
      if (!fit_all(rule.source, other.labels) || (both && fit_all(rule.target, other.labels))) continue;
      const bool same = std::all_of(rule.equal.begin(), rule.equal.end(), [&](const std::string& name) {
        return value_of(labels, name) == value_of(other.labels, name);
      });
      if (same) return other.id;
    }
  }
  return std::nullopt;
}

}  // namespace dprkwatch::alert
