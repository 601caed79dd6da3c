import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Conversation, conversationOf } from "./protocol.ts";

const anyRequest = () => true;

/** A command as a Redis client sends it. */
function command(...words: string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`;
}

function ask(conversation: Conversation, text: string, wanted: ((request: Buffer) => boolean) | null = null) {
  return conversation.ask(Buffer.from(text), wanted);
}

function answer(conversation: Conversation, text: string): string {
  const bytes = Buffer.from(text);
  return bytes.subarray(0, conversation.answer(bytes)).toString();
}

describe("with Redis", () => {
  const open = () => conversationOf(Buffer.from("*"));
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
          const conversation = open();
          const requests = answers.map((_, n) => command("ECHO", n === chosen ? "this" : `other ${n}`));
          const stream = requests.join("");
          const asked = feed(stream, cuts, (chunk) => conversation.ask(chunk, wants("this")));
          expect(asked).toBe(requests.slice(0, chosen + 1).join(""));
          const answered = feed(answers.join(""), cuts, (chunk) => conversation.answer(chunk));
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
    const conversation = open();
    const seen: string[] = [];
    const wanted = (request: Buffer) => {
      seen.push(request.toString());
      return false;
    };
    const [first, second, third] = [command("SET", "a", "1\r\n*1"), command("GET", "a"), command("PING")];
    const stream = first + second + third;
    ask(conversation, stream.slice(0, 20), wanted);
    ask(conversation, stream.slice(20), wanted);
    expect(seen).toEqual([first, second, third]);
  });

  test("does not ask about a request whose beginning passed unseen", () => {
    const conversation = open();
    ask(conversation, command("GET", "a").slice(0, 8));
    expect(ask(conversation, command("GET", "a").slice(8), anyRequest)).toBe(command("GET", "a").length - 8);
    expect(conversation.hasChosen).toBe(false);
  });

  test("lets nothing pass behind the chosen request until that is released", () => {
    const conversation = open();
    ask(conversation, command("INCR", "a"), anyRequest);
    expect(ask(conversation, command("INCR", "b"))).toBe(0);
    conversation.release();
    expect(ask(conversation, command("INCR", "b"))).toBe(command("INCR", "b").length);
    expect(answer(conversation, ":1\r\n:1\r\n")).toBe(":1\r\n:1\r\n");
  });

  test("takes no push for an answer, and chooses nothing on a connection that gets them", () => {
    const conversation = open();
    ask(conversation, command("SUBSCRIBE", "news"), anyRequest);
    const pushed = ">3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n";
    expect(answer(conversation, pushed)).toBe(pushed);
    expect(conversation.hasChosen).toBe(false);
    ask(conversation, command("PING"), anyRequest);
    expect(conversation.hasChosen).toBe(false);
  });

  test("chooses nothing on a connection where more was answered than asked, as RESP2 does to subscribers", () => {
    const conversation = open();
    ask(conversation, command("SUBSCRIBE", "news"), anyRequest);
    conversation.release();
    answer(conversation, "*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n");
    answer(conversation, "*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n");
    ask(conversation, command("PING"), anyRequest);
    expect(conversation.hasChosen).toBe(false);
  });

  test.each([
    ["asked", "EHLO there\r\n", ""],
    ["answered", "", "HTTP/1.1 400 Bad Request\r\n"],
  ])(
    "lets everything pass, and chooses nothing, once what was %s is not Redis's protocol",
    (_, asked, answered) => {
      const conversation = open();
      expect(ask(conversation, command("PING") + asked)).toBe(command("PING").length + asked.length);
      expect(answer(conversation, `+PONG\r\n${answered}`)).toBe(`+PONG\r\n${answered}`);
      expect(ask(conversation, command("PING"), anyRequest)).toBe(command("PING").length);
      expect(conversation.hasChosen).toBe(false);
    },
  );
});

describe("with HTTP", () => {
  const open = () => conversationOf(Buffer.from("POST / HTTP/1.1"));
  const isFulfill = (request: Buffer) => request.includes('"kind":"task.fulfill"');

  test("asks about a request as it grows, and lets it pass whole", () => {
    const conversation = open();
    ask(conversation, "POST / HTTP/1.1\r\n\r\n", isFulfill);
    expect(conversation.hasChosen).toBe(false);
    const [half, rest] = ['{"kind":"task.', 'fulfill"}'];
    expect(ask(conversation, half, isFulfill)).toBe(half.length);
    expect(ask(conversation, rest, isFulfill)).toBe(rest.length);
    expect(conversation.hasChosen).toBe(true);
    expect(answer(conversation, "HTTP/1.1 200 OK\r\n\r\n")).toBe("");
  });

  test("lets the answer to every other request pass", () => {
    const conversation = open();
    ask(conversation, '{"kind":"task.acquire"}', isFulfill);
    expect(answer(conversation, "HTTP/1.1 200 OK")).toBe("HTTP/1.1 200 OK");
    ask(conversation, '{"kind":"task.', isFulfill);
    expect(answer(conversation, "HTTP/1.1 400")).toBe("HTTP/1.1 400");
    ask(conversation, 'fulfill"}', isFulfill); // two requests that only together look like the one
    expect(conversation.hasChosen).toBe(false);
  });

  test("lets everything pass once the choice is released", () => {
    const conversation = open();
    ask(conversation, "POST", anyRequest);
    conversation.release();
    expect(answer(conversation, "HTTP/1.1 200 OK")).toBe("HTTP/1.1 200 OK");
  });
});
