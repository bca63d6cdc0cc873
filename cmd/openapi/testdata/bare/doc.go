// Package bare has an operation without text.
//
//	@title		Bare
//	@version	1
package bare

// @ID			bare
// @Success	200	{string}	string
// @Router		/bare [get]
func bare() {}
