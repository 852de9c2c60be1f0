import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeOf, uriOf } from "./workspace.ts";

describe("place of a document", () => {
  it("is told from the innermost folder that holds it", () => {
    const folders = ["/w", "/w/a", "/w/ab"];
    expect(placeOf("file:///w/a/b/Dockerfile", folders, "/")).toEqual({
      folder: "/w/a",
      path: "b/Dockerfile",
    });
    expect(placeOf("file:///w/abc/x", folders, "/")).toEqual({ folder: "/w", path: "abc/x" });
    expect(placeOf("file:///w/a%20b/x", folders, "/")).toEqual({ folder: "/w", path: "a b/x" });
  });

  it("is the whole path outside of the workspace", () => {
    expect(placeOf("file:///o/Dockerfile", ["/w"], "/w2")).toEqual({
      folder: "/w2",
      path: "/o/Dockerfile",
    });
  });

  it("is the name where there is no path", () => {
    expect(placeOf("untitled:Untitled-1", ["/w"], "/")).toEqual({ folder: "/w", path: "Untitled-1" });
    expect(placeOf("zip:/a.zip/b/Dockerfile?x=1", [], "/")).toEqual({ folder: "/", path: "Dockerfile" });
    expect(placeOf("", [], "/")).toEqual({ folder: "/", path: "document" });
  });

  it("leads back to the address", () => {
    const uri = "file:///w/a%20b/%C3%A4.Dockerfile";
    const place = placeOf(uri, ["/w"], "/");
    expect(uriOf(place, place.path)).toBe(uri);
  });

  it("exists for any address", () => {
    const uri = fc.oneof(
      fc.string(),
      fc.string().map((text) => `file://${text}`),
    );
    fc.assert(
      fc.property(uri, (address) => {
        const { folder, path } = placeOf(address, ["/w"], "/");
        expect(path).not.toBe("");
        expect(["/w", "/"]).toContain(folder);
      }),
    );
  });
});
