// The width of the terminal in cells, for lines that are made wider than it (whole-lines.ts). One context: each useWindowSize listens to the terminal.
import { createContext, use } from 'react';

export const ColumnsContext = createContext(80);
export const useColumns = (): number => use(ColumnsContext);
