//! Which files depend on each other in a circle?

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::files::is_below;

/// Who names what: by node, the nodes that it depends on, each with the first place that shows it.
#[derive(Default)]
pub struct Graph(BTreeMap<String, BTreeMap<String, String>>);

#[derive(Debug, PartialEq, Eq)]
pub struct Circle {
    /// In order, each node with why it depends on the next one; the last depends on the first.
    pub nodes: Vec<(String, String)>,
    /// How many nodes all reach each other, these among them.
    pub group: usize,
}

impl Graph {
    /// `from` depends on `to`, as `because` shows.
    pub fn add(&mut self, from: &str, to: &str, because: &str) {
        self.0.entry(to.to_owned()).or_default();
        let edges = self.0.entry(from.to_owned()).or_default();
        if from != to {
            edges.entry(to.to_owned()).or_insert_with(|| because.to_owned());
        }
    }

    /// The same with several nodes for one: `name` gives each node its new one.
    pub fn merged(&self, name: impl Fn(&str) -> String) -> Graph {
        let mut merged = Graph::default();
        for (from, edges) in &self.0 {
            for (to, because) in edges {
                merged.add(&name(from), &name(to), &format!("{from}: {because}"));
            }
        }
        merged
    }

    /// The same without what lies in a folder.
    pub fn without(&self, place: &str) -> Graph {
        let outside = self.0.iter().filter(|(from, _)| !is_below(from, place));
        Graph(outside.map(|(from, edges)| (from.clone(), edges.clone())).collect())
    }

    pub fn nodes(&self) -> usize {
        self.0.len()
    }

    /// A shortest circle for each group of nodes that all reach each other. A group may have more circles.
    pub fn circles(&self) -> Vec<Circle> {
        let mut in_a_group: BTreeSet<&str> = BTreeSet::new();
        let mut circles = Vec::new();
        for start in self.0.keys().filter(|node| self.reached(node).contains(node.as_str())) {
            if in_a_group.contains(start.as_str()) {
                continue;
            }
            let back = |node: &&str| self.reached(node).contains(start.as_str());
            let group: BTreeSet<&str> = self.reached(start).into_iter().filter(back).collect();
            let shortest = group.iter().filter_map(|node| self.shortest(node)).min_by_key(|way| way.len());
            circles.extend(shortest.map(|way| self.circle(&way, group.len())));
            in_a_group.extend(group);
        }
        circles
    }

    /// Edges that go up in `order`, which has the highest node first, and nodes below the folder `within` that are not in it.
    pub fn against(&self, order: &[&str], within: &str) -> Vec<String> {
        let level = |node: &str| order.iter().position(|one| *one == node);
        let mut faults = Vec::new();
        for (from, edges) in self.0.iter().filter(|(from, _)| is_below(from, within)) {
            let Some(above) = level(from) else {
                faults.push(format!("{from} has no place in the order of folders"));
                continue;
            };
            let up = edges.iter().filter(|(to, _)| level(to).is_some_and(|below| below < above));
            faults.extend(up.map(|(to, because)| format!("{from} uses {to}, which is above it ({because})")));
        }
        faults
    }

    fn edges(&self, node: &str) -> impl Iterator<Item = (&str, &str)> {
        self.0.get(node).into_iter().flatten().map(|(to, because)| (to.as_str(), because.as_str()))
    }

    /// All nodes that there is a way to, of one step at least.
    fn reached(&self, node: &str) -> BTreeSet<&str> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&str> = self.edges(node).map(|(to, _)| to).collect();
        while let Some(node) = open.pop() {
            if reached.insert(node) {
                open.extend(self.edges(node).map(|(to, _)| to));
            }
        }
        reached
    }

    /// A shortest way from `start` to itself.
    fn shortest<'a>(&'a self, start: &'a str) -> Option<Vec<&'a str>> {
        let mut before: BTreeMap<&str, &str> = BTreeMap::new();
        let mut open = VecDeque::from([start]);
        while let Some(node) = open.pop_front() {
            for (to, _) in self.edges(node) {
                if to == start {
                    let mut way = vec![node];
                    while let Some(earlier) = before.get(way[way.len() - 1]) {
                        way.push(earlier);
                    }
                    way.reverse();
                    return Some(way);
                }
                if to != node && !before.contains_key(to) {
                    before.insert(to, node);
                    open.push_back(to);
                }
            }
        }
        None
    }

    fn circle(&self, way: &[&str], group: usize) -> Circle {
        let next = way.iter().cycle().skip(1);
        let because = |from: &str, to: &str| self.0[from][to].clone();
        let nodes = way.iter().zip(next).map(|(from, to)| ((*from).to_owned(), because(from, to))).collect();
        Circle { nodes, group }
    }
}

impl Circle {
    /// For people: the files in order, each with the reason for the next.
    pub fn shown(&self) -> String {
        let first = self.nodes.first().map_or("", |(node, _)| node);
        let steps = self.nodes.iter().map(|(node, because)| format!("  {node}  ({because})\n"));
        format!("{}  {first}", steps.collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circles(edges: &[(&str, &str)]) -> Vec<String> {
        let mut graph = Graph::default();
        for (from, to) in edges {
            graph.add(from, to, "");
        }
        let names = |circle: Circle| {
            circle.nodes.into_iter().map(|(node, _)| node).chain([circle.group.to_string()]).collect::<String>()
        };
        graph.circles().into_iter().map(names).collect()
    }

    #[test]
    fn a_graph_without_a_circle_has_none() {
        assert!(circles(&[]).is_empty());
        assert!(circles(&[("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("a", "a")]).is_empty());
    }

    #[test]
    fn each_group_shows_its_shortest_circle() {
        assert_eq!(circles(&[("a", "b"), ("b", "a")]), ["ab2"]);
        assert_eq!(circles(&[("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("c", "b")]), ["bc4"]);
        assert_eq!(circles(&[("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e"), ("e", "d")]), ["abc3", "de2"]);
    }

    #[test]
    fn calls_go_down_only() {
        let mut graph = Graph::default();
        graph.add("s/top", "s/base", "");
        graph.add("s/middle", "s/base", "");
        graph.add("other", "s/base", "");
        let order = ["s/top", "s/middle", "s/base"];
        assert!(graph.against(&order, "s").is_empty());
        graph.add("s/middle", "s/top", "a.rs: crate::top::f");
        let up = "s/middle uses s/top, which is above it (a.rs: crate::top::f)";
        assert_eq!(graph.against(&order, "s"), [up]);
        assert_eq!(graph.against(&["s/top", "s/base"], "s"), ["s/middle has no place in the order of folders"]);
    }

    #[test]
    fn merged_nodes_are_one() {
        let mut graph = Graph::default();
        graph.add("a/x", "b/y", "one");
        graph.add("b/z", "a/w", "other");
        assert!(graph.circles().is_empty());
        let folder = |name: &str| name.split('/').next().unwrap_or_default().to_owned();
        let merged = graph.merged(folder);
        let circles = merged.circles();
        assert_eq!(circles.len(), 1);
        assert_eq!(circles[0].shown(), "  a  (a/x: one)\n  b  (b/z: other)\n  a");
    }
}
