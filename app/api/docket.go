package api

import (
	"archive/zip"
	"bytes"
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Docketing makes what a court needs to docket a case without typing anything
// again (DOMAIN 2.3).
type Docketing interface {
	// Docket lays the folder out. It is for who works on cases and holds this one
	// whole (codes not_allowed, digest_only); where the law leaves nothing to
	// docket yet it answers the rule. Nothing is changed.
	Docket(ctx context.Context, id string, r DocketRequest) (DocketFolder, error)
}

type docketInput struct {
	SheetInput
	Kind string `query:"kind" enum:"suit,confirmation" doc:"empty: what the case itself says"`
}

func (s *Server) docketRoutes(a huma.API) {
	register(a, op{
		method: http.MethodGet, path: "/cases/{id}/docket", id: "getDocket", tag: "cases",
		summary: "The folder for the court, as a zip archive: court's layout, cover.json, printed cover, list of papers",
	},
		func(ctx context.Context, in *docketInput) (DocketArchive, error) {
			f, err := session(ctx).Docket(ctx, in.ID, DocketRequest{Kind: in.Kind, Lang: in.Lang})
			if err != nil {
				return DocketArchive{}, err
			}
			packed, err := f.archive()
			return DocketArchive{DocketSummary: f.DocketSummary, File: File{Name: "docket-" + f.Case[:min(8, len(f.Case))] + ".zip", MediaType: "application/zip", Data: packed}}, err
		})
}

// archive packs a folder, folders before files, without times: the same folder
// gives the same bytes.
func (f DocketFolder) archive() ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, dir := range f.Dirs {
		if _, err := w.CreateHeader(&zip.FileHeader{Name: dir + "/"}); err != nil {
			return nil, err
		}
	}
	for _, file := range f.Files {
		part, err := w.CreateHeader(&zip.FileHeader{Name: file.Path, Method: zip.Deflate})
		if err == nil {
			_, err = part.Write(file.Data)
		}
		if err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return out.Bytes(), err
}
