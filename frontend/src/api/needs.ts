// The published table of what is owed to parties with needs, as it stands for this unit.
import { useQuery } from "@tanstack/react-query";
import { send } from "./client";
import type { Label, TableView } from "./types";

/** One thing that is owed to a party with a need. */
export interface NeedItem {
  id: string;
  /** Asked for by an article; else good practice. */
  law: boolean;
  text: Label;
  article: Label;
}

export type NeedTable = ReadonlyMap<string, readonly NeedItem[]>;

interface Written extends Label {
  id: string;
  duty: string;
  article: Label;
}

function readNeeds(view: TableView): NeedTable {
  const { content } = view.document as { content: { needs: { id: string; items: Written[] }[] } };
  return new Map(content.needs.map((need) => [need.id, need.items.map(({ id, duty, article, zh, en }) => ({ id, law: duty === "law", text: { zh, en }, article }))]));
}

/** What is owed to parties with needs, by need. */
export const useNeedTable = () =>
  useQuery({
    queryKey: ["owed"],
    queryFn: async ({ signal }) => readNeeds(await send<TableView>("GET", "/tables/needs", { signal })),
    staleTime: Infinity,
    retry: false,
  });
