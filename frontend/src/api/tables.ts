// Data tables: what an authority may change, in which version and from whom.
import { useQuery } from "@tanstack/react-query";
import { send } from "./client";
import type { TableLine, TableView } from "./types";

export const useTables = () => useQuery({ queryKey: ["tables"], queryFn: ({ signal }) => send<TableLine[]>("GET", "/tables", { signal }) });

export const useTable = (name: string, enabled = true) =>
  useQuery({ enabled, queryKey: ["tables", name], queryFn: ({ signal }) => send<TableView>("GET", `/tables/${encodeURIComponent(name)}`, { signal }) });
