import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Protocol, protocolOf } from "./protocol.ts";

const anyRequest = () => true;

/** A command as a Redis client sends it. */
function command(...words: string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`;
}

function ask(protocol: Protocol, text: string, wanted: ((request: Buffer) => boolean) | null = null) {
  return protocol.ask(Buffer.from(text), wanted);
}

function answer(protocol: Protocol, text: string): string {
  const bytes = Buffer.from(text);
  return bytes.subarray(0, protocol.answer(bytes)).toString();
}

describe("with Redis", () => {
  const open = () => protocolOf(Buffer.from("*"));
  const wants = (word: string) => (request: Buffer) => request.includes(word);

  /** One answer of each shape, those of RESP2 and of RESP3; a value that lies in another one is no answer. */
  const shapes = [
    "+OK\r\n",
    "-ERR no 7 -1\r\n",
    ":-12\r\n",
    "$-1\r\n",
    "$0\r\n\r\n",
    "$9\r\n+OK\r\n$3\r\n\r\n",
    "*-1\r\n",
    "*0\r\n",
    "*3\r\n:1\r\n*2\r\n$1\r\na\r\n_\r\n#t\r\n",
    "%2\r\n+a\r\n:1\r\n+b\r\n*1\r\n,1.5\r\n",
    "~2\r\n(3492890328409238509324850943850943825024385\r\n=5\r\ntxt:a\r\n",
    "!3\r\nERR\r\n",
    "%0\r\n",
  ];

  test("tells the answer of a pipelined request from those before and behind it, wherever chunks are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...shapes), { minLength: 1, maxLength: 8 }),
        fc.nat(),
        fc.array(fc.nat({ max: 120 })),
        (answers, pick, cuts) => {
          const chosen = pick % answers.length;
          const protocol = open();
          const requests = answers.map((_, n) => command("ECHO", n === chosen ? "this" : `other ${n}`));
          const stream = requests.join("");
          const asked = feed(stream, cuts, (chunk) => protocol.ask(chunk, wants("this")));
          expect(asked).toBe(requests.slice(0, chosen + 1).join(""));
          const answered = feed(answers.join(""), cuts, (chunk) => protocol.answer(chunk));
          expect(answered).toBe(answers.slice(0, chosen).join(""));
        },
      ),
    );
  });

  /** Feeds a stream in chunks until one does not pass whole, and returns what passed. */
  function feed(stream: string, cuts: readonly number[], give: (chunk: Buffer) => number): string {
    const bytes = Buffer.from(stream);
    const edges = [...new Set([0, ...cuts.filter((cut) => cut < bytes.length), bytes.length])].sort(
      (a, b) => a - b,
    );
    for (const [n, end] of edges.slice(1).entries()) {
      const start = edges[n] ?? 0;
      const passing = give(bytes.subarray(start, end));
      if (passing < end - start) return bytes.subarray(0, start + passing).toString();
    }
    return stream;
  }

  test("asks about each command whole and by itself", () => {
    const protocol = open();
    const seen: string[] = [];
    const wanted = (request: Buffer) => {
      seen.push(request.toString());
      return false;
    };
    const [first, second, third] = [command("SET", "a", "1\r\n*1"), command("GET", "a"), command("PING")];
    const stream = first + second + third;
    ask(protocol, stream.slice(0, 20), wanted);
    ask(protocol, stream.slice(20), wanted);
    expect(seen).toEqual([first, second, third]);
  });

  test("does not ask about a request whose beginning passed unseen", () => {
    const protocol = open();
    ask(protocol, command("GET", "a").slice(0, 8));
    expect(ask(protocol, command("GET", "a").slice(8), anyRequest)).toBe(command("GET", "a").length - 8);
    expect(protocol.hasChosen).toBe(false);
  });

  test("lets nothing pass behind the chosen request until that is released", () => {
    const protocol = open();
    ask(protocol, command("INCR", "a"), anyRequest);
    expect(ask(protocol, command("INCR", "b"))).toBe(0);
    protocol.release();
    expect(ask(protocol, command("INCR", "b"))).toBe(command("INCR", "b").length);
    expect(answer(protocol, ":1\r\n:1\r\n")).toBe(":1\r\n:1\r\n");
  });

  test("takes no push for an answer, and chooses nothing on a connection that gets them", () => {
    const protocol = open();
    ask(protocol, command("SUBSCRIBE", "news"), anyRequest);
    const pushed = ">3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n";
    expect(answer(protocol, pushed)).toBe(pushed);
    expect(protocol.hasChosen).toBe(false);
    ask(protocol, command("PING"), anyRequest);
    expect(protocol.hasChosen).toBe(false);
  });

  test("chooses nothing on a connection where more was answered than asked, as RESP2 does to subscribers", () => {
    const protocol = open();
    ask(protocol, command("SUBSCRIBE", "news"), anyRequest);
    protocol.release();
    answer(protocol, "*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n");
    answer(protocol, "*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n");
    ask(protocol, command("PING"), anyRequest);
    expect(protocol.hasChosen).toBe(false);
  });

  test.each([
    ["asked", "EHLO there\r\n", ""],
    ["answered", "", "HTTP/1.1 400 Bad Request\r\n"],
  ])(
    "lets everything pass, and chooses nothing, once what was %s is not Redis's protocol",
    (_, asked, answered) => {
      const protocol = open();
      expect(ask(protocol, command("PING") + asked)).toBe(command("PING").length + asked.length);
      expect(answer(protocol, `+PONG\r\n${answered}`)).toBe(`+PONG\r\n${answered}`);
      expect(ask(protocol, command("PING"), anyRequest)).toBe(command("PING").length);
      expect(protocol.hasChosen).toBe(false);
    },
  );
});

describe("with HTTP", () => {
  const open = () => protocolOf(Buffer.from("POST / HTTP/1.1"));
  const isFulfill = (request: Buffer) => request.includes('"kind":"task.fulfill"');

  test("asks about a request as it grows, and lets it pass whole", () => {
    const protocol = open();
    ask(protocol, "POST / HTTP/1.1\r\n\r\n", isFulfill);
    expect(protocol.hasChosen).toBe(false);
    const [half, rest] = ['{"kind":"task.', 'fulfill"}'];
    expect(ask(protocol, half, isFulfill)).toBe(half.length);
    expect(ask(protocol, rest, isFulfill)).toBe(rest.length);
    expect(protocol.hasChosen).toBe(true);
    expect(answer(protocol, "HTTP/1.1 200 OK\r\n\r\n")).toBe("");
  });

  test("lets the answer to every other request pass", () => {
    const protocol = open();
    ask(protocol, '{"kind":"task.acquire"}', isFulfill);
    expect(answer(protocol, "HTTP/1.1 200 OK")).toBe("HTTP/1.1 200 OK");
    ask(protocol, '{"kind":"task.', isFulfill);
    expect(answer(protocol, "HTTP/1.1 400")).toBe("HTTP/1.1 400");
    ask(protocol, 'fulfill"}', isFulfill); // two requests that only together look like the one
    expect(protocol.hasChosen).toBe(false);
  });

  test("lets everything pass once the choice is released", () => {
    const protocol = open();
    ask(protocol, "POST", anyRequest);
    protocol.release();
    expect(answer(protocol, "HTTP/1.1 200 OK")).toBe("HTTP/1.1 200 OK");
  });
});
