// A second implementation of "Clusters, waves and orders" in docs/allocation.md, which shares no code with ours.
// Reads a list of cases as JSON, writes the list of their results.
"use strict";
const { createHmac } = require("node:crypto");

const hmac = (key, bytes) => createHmac("sha256", key).update(bytes).digest();
const text = (words) => Buffer.from(words, "ascii");
const canon = (stratum) => JSON.stringify(Object.fromEntries(Object.keys(stratum).sort().map((k) => [k, stratum[k]])));
const byBytes = (a, b) => Buffer.compare(text(a), text(b));

function lp(parts) {
  const size = (part) => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(part.length); return bytes; };
  return Buffer.concat(parts.flatMap((part) => [size(part), part]));
}

function shuffler(seed, ...purpose) {
  const key = hmac(seed, lp(purpose.map(text)));
  let block = 0n, words = [];
  const word = () => {
    if (!words.length) {
      const place = Buffer.alloc(8);
      place.writeBigUInt64BE(block++);
      const digest = hmac(key, place);
      for (let at = 0; at < 32; at += 4) words.push(digest.readUInt32BE(at));
    }
    return words.shift();
  };
  const below = (bound) => {
    for (;;) {
      const number = word();
      if (number < 2 ** 32 - (2 ** 32 % bound)) return number % bound;
    }
  };
  return (items) => {
    for (let last = items.length - 1; last > 0; last--) {
      const other = below(last + 1);
      [items[last], items[other]] = [items[other], items[last]];
    }
    return items;
  };
}

function deal(shuffle, cards, units) {
  shuffle(cards);
  const strata = shuffle([...new Set(Object.values(units).map(canon))].sort(byBytes));
  const order = strata.flatMap((name) => shuffle(Object.keys(units).filter((u) => canon(units[u]) === name).sort(byBytes)));
  return Object.fromEntries(order.map((unit, place) => [unit, cards[place % cards.length]]));
}

const gcd = (a, b) => (b ? gcd(b, a % b) : a);
const set = (values, ratio) => values.flatMap((value, i) => Array(ratio[i]).fill(value));

function waves(seed, { waves: count, sizes, units }) {
  const parts = sizes.length ? sizes : Array(count).fill(1);
  const common = parts.reduce(gcd);
  const numbers = parts.map((_, i) => i + 1);
  return deal(shuffler(seed, "waves-v1"), set(numbers, parts.map((part) => part / common)), units);
}

function orders(seed, { items, square, stratum, people }) {
  const symbols = shuffler(seed, "orders-v1", "items")([...items]), n = items.length;
  const first = symbols.map((_, j) => (square === "cyclic" ? j : j % 2 ? (j + 1) / 2 : (n - j / 2) % n));
  const rows = symbols.map((_, by) => first.map((symbol) => symbols[(symbol + by) % n]));
  if (square === "williams" && n % 2) rows.push(...rows.map((row) => [...row].reverse()));
  const shuffle = shuffler(seed, "orders-v1", "rows", canon(stratum)), dealt = [];
  while (dealt.length < people) dealt.push(...shuffle(rows.map((_, i) => i)).map((i) => rows[i]));
  return dealt.slice(0, people);
}

const KINDS = {
  clusters: (seed, { arms, ratio, units }) => deal(shuffler(seed, "clusters-v1"), set(arms, ratio), units),
  waves,
  orders,
};

const cases = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map((one) => KINDS[one.kind](Buffer.from(one.seed, "hex"), one))));
